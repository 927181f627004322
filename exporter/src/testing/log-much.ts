/** Logs a megabyte in each of four turns of the event loop, says so, and ends with one more line. */
import { setTimeout as sleep } from "node:timers/promises";
import { createLogger, leave } from "../log.ts";

process.on("SIGXFSZ", () => {});
const { logger, flush } = createLogger("info");
for (let turn = 1; turn <= 4; turn++) {
  for (let i = 0; i < 1000; i++) logger.info({ padding: "x".repeat(1000) }, "much");
  await sleep(50);
  process.stderr.write(`turn ${turn}\n`);
}
await sleep(500);
logger.info("the last line");
const end = () => {
  process.stderr.write("left\n");
  leave(0);
};
setTimeout(end, 1_000);
flush(end);
