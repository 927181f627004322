import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type Change, KeptPart } from "./kept-part.ts";
import { freePort } from "./ports.ts";
import { httpProbe } from "./readiness.ts";

let folder: string;
let part: KeptPart | undefined;
let changes: Change[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-kept-"));
  changes = [];
});
afterEach(async () => {
  await part?.stop(0);
  await rm(folder, { recursive: true, force: true });
});

/** Serves what its file held when it started; cannot start without the file. */
const SERVER = `
  const text = require("node:fs").readFileSync(process.argv[2], "utf8");
  console.log("serving");
  require("node:http").createServer((_, answer) => answer.end(text)).listen(process.argv[1]);`;

async function keepServer() {
  const port = await freePort(20_500);
  const file = join(folder, "text");
  await writeFile(file, "hello");
  const url = `http://127.0.0.1:${port}/`;
  part = await KeptPart.start(
    {
      name: "server",
      command: process.execPath,
      args: ["-e", SERVER, String(port), file],
      logFile: join(folder, "server.log"),
      probe: httpProbe(url),
      limitSeconds: 20,
      patienceMs: 600,
    },
    new AbortController().signal,
    (change) => changes.push(change),
  );
  return { part, file, text: async () => (await fetch(url)).text() };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

const states = () => changes.map(({ state }) => state);

describe("a kept part", () => {
  it("is started again when it is killed, on the same port, with the same log", async () => {
    const { part, text } = await keepServer();
    const first = part.pid;
    process.kill(first, "SIGKILL");
    await until(() => states().includes("up"));
    expect(part.pid).not.toBe(first);
    expect(await text()).toBe("hello");
    expect(changes).toEqual([
      { state: "down", part: "server", why: "SIGKILL" },
      { state: "up", part: "server", afterMs: expect.any(Number) },
    ]);
    expect(await readFile(join(folder, "server.log"), "utf8")).toBe("serving\nserving\n");
  });

  it("is started again when it is frozen", async () => {
    const { part, text } = await keepServer();
    process.kill(part.pid, "SIGSTOP");
    await until(() => states().includes("up"));
    expect(changes[0]).toMatchObject({ state: "down", why: "no answer to 6 questions in a row" });
    expect(await text()).toBe("hello");
  }, 90_000);

  it("is tried again after growing pauses until what kept it from starting is gone", async () => {
    const { part, file, text } = await keepServer();
    await rm(file);
    process.kill(part.pid, "SIGTERM");
    await until(() => states().filter((state) => state === "failed").length === 3);
    const failed = changes.filter((change) => change.state === "failed");
    expect(failed.map(({ pauseMs }) => pauseMs)).toEqual([500, 1000, 2000]);
    expect(failed[0]!.why).toMatch(/server ended unexpectedly with exit code 1[^]*ENOENT/);
    await writeFile(file, "again");
    await until(() => states().includes("up"));
    expect(await text()).toBe("again");
  });

  it("that does not start the first time is not kept, and the error shows its log", async () => {
    const starting = KeptPart.start(
      {
        name: "server",
        command: process.execPath,
        args: ["-e", `console.error("no such model"); process.exit(3)`],
        logFile: join(folder, "server.log"),
        probe: async () => false,
        limitSeconds: 20,
      },
      new AbortController().signal,
      (change) => changes.push(change),
    );
    await expect(starting).rejects.toThrow(/ended unexpectedly with exit code 3[^]*no such model/);
    expect(changes).toEqual([]);
  });

  it("stays stopped, also when it is stopped between two tries", async () => {
    const { part, file, text } = await keepServer();
    await rm(file);
    process.kill(part.pid, "SIGKILL");
    await until(() => states().includes("failed"));
    await writeFile(file, "again");
    await part.stop();
    await sleep(1_500);
    expect(states()).not.toContain("up");
    await expect(text()).rejects.toThrow("fetch failed");
  });
});
