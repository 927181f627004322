import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { freePort, httpProbe, portProbe } from "./probes.ts";
import { type ServiceProcess, startProcess, waitUntilReady } from "./process.ts";

const signal = new AbortController().signal;
let folder: string;
let processes: ServiceProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-process-"));
  processes = [];
});
afterEach(async () => {
  for (const one of processes) await one.stop(0);
  await rm(folder, { recursive: true, force: true });
});

async function startNode(code: string, args: readonly string[] = []): Promise<ServiceProcess> {
  const started = await startProcess({
    name: "server",
    command: process.execPath,
    args: ["-e", code, ...args],
    logFile: join(folder, "logs", "server.log"),
  });
  processes.push(started);
  return started;
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const SERVER = `
  const [port, delay] = process.argv.slice(1).map(Number);
  const start = Date.now();
  console.log("serving");
  require("node:http").createServer((_, answer) => {
    answer.statusCode = Date.now() - start < delay ? 503 : 200;
    answer.end("hello");
  }).listen(port, "127.0.0.1");`;

describe("a process", () => {
  it("is ready when it answers well, not when it merely answers", async () => {
    const port = await freePort(20_100);
    const server = await startNode(SERVER, [String(port), "300"]);
    const probe = httpProbe(`http://127.0.0.1:${port}/`);
    await waitUntilReady(server, portProbe(port), { limitSeconds: 60, signal });
    await waitUntilReady(server, probe, { limitSeconds: 60, signal });
    expect(await probe()).toBe(true);
    expect(await readFile(server.logFile, "utf8")).toBe("serving\n");
    await server.stop();
    expect(server.isRunning()).toBe(false);
    expect(isAlive(server.pid)).toBe(false);
    expect(await server.ended).toBe("SIGTERM");
  });

  it("that ends early is reported at once with the end of its log", async () => {
    const server = await startNode(`console.error("no such model: x.gguf"); process.exit(3);`);
    const waiting = waitUntilReady(server, async () => false, { limitSeconds: 600, signal });
    await expect(waiting).rejects.toThrow(
      /server ended unexpectedly with exit code 3.*\n.*no such model: x\.gguf/,
    );
  });

  it("that never becomes ready is reported with the end of its log", async () => {
    const server = await startNode(`console.log("still loading"); setInterval(() => {}, 1000);`);
    const waiting = waitUntilReady(server, async () => false, { limitSeconds: 0.3, signal });
    await expect(waiting).rejects.toThrow(/not ready after 0\.3 s[^]*server\.log/);
  });

  it("is killed with what it started when it does not end in time", async () => {
    const server = await startNode(`
      process.on("SIGTERM", () => {});
      const child = require("node:child_process").spawn("sleep", ["600"]);
      console.log(child.pid);
      setInterval(() => {}, 1000);`);
    let grandchild = Number.NaN;
    await waitUntilReady(
      server,
      async () => (grandchild = Number(await readFile(server.logFile, "utf8"))) > 0,
      { limitSeconds: 60, signal },
    );
    await server.stop(100);
    expect(await server.ended).toBe("SIGKILL");
    await expect(gone(grandchild)).resolves.toBe(true);
  });

  it("that cannot be started says why", async () => {
    const starting = startProcess({
      name: "nothing",
      command: join(folder, "no-such-program"),
      args: [],
      logFile: join(folder, "nothing.log"),
    });
    await expect(starting).rejects.toThrow(/nothing cannot start: .*ENOENT/);
  });
});

/** An orphan is gone once its new parent has collected it, which takes a moment. */
async function gone(pid: number): Promise<boolean> {
  for (let i = 0; i < 12_000 && isAlive(pid) && !(await isZombie(pid)); i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return !isAlive(pid) || isZombie(pid);
}

const isZombie = async (pid: number) =>
  /\) Z /.test(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""));
