import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type Part, startPart } from "./part.ts";
import { freePort } from "./ports.ts";
import { httpProbe, portProbe, waitUntilReady } from "./readiness.ts";

const signal = new AbortController().signal;
let folder: string;
let parts: Part[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-part-"));
  parts = [];
});
afterEach(async () => {
  for (const part of parts) await part.stop(0);
  await rm(folder, { recursive: true, force: true });
});

async function startNode(code: string, args: readonly string[] = []): Promise<Part> {
  const part = await startPart({
    name: "server",
    command: process.execPath,
    args: ["-e", code, ...args],
    logFile: join(folder, "logs", "server.log"),
  });
  parts.push(part);
  return part;
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

describe("a part", () => {
  it("is ready when it answers well, not when it merely answers", async () => {
    const port = await freePort(20_100);
    const part = await startNode(SERVER, [String(port), "300"]);
    const probe = httpProbe(`http://127.0.0.1:${port}/`);
    await waitUntilReady(part, portProbe(port), { limitSeconds: 20, signal });
    await waitUntilReady(part, probe, { limitSeconds: 20, signal });
    expect(await probe()).toBe(true);
    expect(await readFile(part.logFile, "utf8")).toBe("serving\n");
    await part.stop();
    expect(part.isRunning()).toBe(false);
    expect(isAlive(part.pid)).toBe(false);
    expect(await part.ended).toBe("SIGTERM");
  });

  it("that ends early is reported at once with the end of its log", async () => {
    const part = await startNode(`console.error("no such model: x.gguf"); process.exit(3);`);
    const waiting = waitUntilReady(part, async () => false, { limitSeconds: 600, signal });
    await expect(waiting).rejects.toThrow(
      /server ended unexpectedly with exit code 3.*\n.*no such model: x\.gguf/,
    );
  });

  it("that never becomes ready is reported with the end of its log", async () => {
    const part = await startNode(`console.log("still loading"); setInterval(() => {}, 1000);`);
    const waiting = waitUntilReady(part, async () => false, { limitSeconds: 0.3, signal });
    await expect(waiting).rejects.toThrow(/not ready after 0\.3 s[^]*server\.log/);
  });

  it("is killed with what it started when it does not end in time", async () => {
    const part = await startNode(`
      process.on("SIGTERM", () => {});
      const child = require("node:child_process").spawn("sleep", ["600"]);
      console.log(child.pid);
      setInterval(() => {}, 1000);`);
    let grandchild = Number.NaN;
    await waitUntilReady(
      part,
      async () => (grandchild = Number(await readFile(part.logFile, "utf8"))) > 0,
      { limitSeconds: 20, signal },
    );
    await part.stop(100);
    expect(await part.ended).toBe("SIGKILL");
    await expect(gone(grandchild)).resolves.toBe(true);
  });

  it("that cannot be started says why", async () => {
    const starting = startPart({
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
  for (let i = 0; i < 500 && isAlive(pid) && !(await isZombie(pid)); i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return !isAlive(pid) || isZombie(pid);
}

const isZombie = async (pid: number) =>
  /\) Z /.test(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""));
