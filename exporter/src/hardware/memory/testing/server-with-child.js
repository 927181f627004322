// Listens, and holds memory in a process beside it, as model servers do.
import { fork } from "node:child_process";
import { createServer } from "node:http";

globalThis.held = Buffer.alloc(60e6, 1);
if (process.argv[2] === "child") {
  process.send("ready");
  process.on("disconnect", () => process.exit());
} else {
  const child = fork(new URL(import.meta.url), ["child"]);
  child.once("message", () => {
    const server = createServer().listen(0, "127.0.0.1", () => process.send(server.address().port));
  });
  process.on("SIGTERM", () => process.exit());
}
