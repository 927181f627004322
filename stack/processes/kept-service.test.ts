import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type Change, KeptService } from "./kept-service.ts";
import { freePort, httpProbe } from "./probes.ts";

let folder: string;
let service: KeptService | undefined;
let changes: Change[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-kept-"));
  changes = [];
});
afterEach(async () => {
  await service?.stop(0);
  await rm(folder, { recursive: true, force: true });
});

/** Serves what its file held when it started; cannot start without the file. */
const SERVER = `
  const text = require("node:fs").readFileSync(process.argv[2], "utf8");
  console.log("serving");
  require("node:http").createServer((_, answer) => answer.end(text)).listen(process.argv[1]);`;

const keeping = () => ({
  logFile: join(folder, "server.log"),
  signal: new AbortController().signal,
  tell: (change: Change) => changes.push(change),
});

async function keepServer() {
  const port = await freePort(20_500);
  const file = join(folder, "text");
  await writeFile(file, "hello");
  const url = `http://127.0.0.1:${port}/`;
  service = await KeptService.start(
    {
      name: "server",
      command: process.execPath,
      args: ["-e", SERVER, String(port), file],
      probe: httpProbe(url),
      limitSeconds: 60,
      patienceMs: 600,
    },
    keeping(),
  );
  return { service, file, text: async () => (await fetch(url)).text() };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

const states = () => changes.map(({ state }) => state);

describe("a kept service", () => {
  it("is started again when it is killed, on the same port, with the same log", async () => {
    const { service, text } = await keepServer();
    const first = service.pid;
    process.kill(first, "SIGKILL");
    await until(() => states().includes("up"));
    expect(service.pid).not.toBe(first);
    expect(await text()).toBe("hello");
    expect(changes).toEqual([
      { state: "down", service: "server", why: "SIGKILL" },
      { state: "up", service: "server", afterMs: expect.any(Number) },
    ]);
    expect(await readFile(join(folder, "server.log"), "utf8")).toBe("serving\nserving\n");
  });

  it("is started again when it is frozen", async () => {
    const { service, text } = await keepServer();
    process.kill(service.pid, "SIGSTOP");
    await until(() => states().includes("up"));
    expect(changes[0]).toMatchObject({ state: "down", why: "no answer to 6 requests in a row" });
    expect(await text()).toBe("hello");
  });

  it("is tried again after growing pauses until what kept it from starting is gone", async () => {
    const { service, file, text } = await keepServer();
    await rm(file);
    process.kill(service.pid, "SIGTERM");
    await until(() => states().filter((state) => state === "failed").length === 3);
    const failed = changes.filter((change) => change.state === "failed");
    expect(failed.map(({ pauseMs }) => pauseMs)).toEqual([500, 1000, 2000]);
    expect(failed[0]!.why).toMatch(/server ended unexpectedly with exit code 1[^]*ENOENT/);
    await writeFile(file, "again");
    await until(() => states().includes("up"));
    expect(await text()).toBe("again");
  });

  it("that does not start the first time is not kept, and the error shows its log", async () => {
    const starting = KeptService.start(
      {
        name: "server",
        command: process.execPath,
        args: ["-e", `console.error("no such model"); process.exit(3)`],
        probe: async () => false,
        limitSeconds: 60,
      },
      keeping(),
    );
    await expect(starting).rejects.toThrow(/ended unexpectedly with exit code 3[^]*no such model/);
    expect(changes).toEqual([]);
  });

  it("stays stopped, also when it is stopped between two tries", async () => {
    const { service, file, text } = await keepServer();
    await rm(file);
    process.kill(service.pid, "SIGKILL");
    await until(() => states().includes("failed"));
    await writeFile(file, "again");
    await service.stop();
    await sleep(1_500);
    expect(states()).not.toContain("up");
    await expect(text()).rejects.toThrow("fetch failed");
  });
});
