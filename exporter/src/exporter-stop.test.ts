import { afterEach, describe, expect, it } from "@jest/globals";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { childrenOf } from "./testing/children-of.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
/** Its time for requests, 1.5 s for the rest, and room for a busy machine. */
const DRAIN_SECONDS = 1;
const MOST_SECONDS = DRAIN_SECONDS + 1.5 + 4;

let child: ChildProcess;
afterEach(() => void child.kill("SIGKILL"));

/** Starts an exporter as a process; its address and what it has of children. */
async function start(env: Readonly<Record<string, string>> = {}): Promise<string> {
  child = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      HEADROOM_PORT: "0",
      HEADROOM_CHAT_MODEL: "none",
      HEADROOM_WORKERS: "2",
      HEADROOM_DRAIN_SECONDS: String(DRAIN_SECONDS),
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let log = "";
  return new Promise((resolve) =>
    child.stdout!.on("data", (data: Buffer) => {
      log += String(data);
      const listening = /"url":"([^"]+)".*"listening"/.exec(log);
      if (listening) resolve(listening[1]!);
    }),
  );
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const ask = (url: string, path: string, body: object) =>
  fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).then(
    ({ status }) => status,
    () => 0,
  );

/** How it ended, and after how many seconds. */
async function end(...signals: readonly NodeJS.Signals[]) {
  const since = performance.now();
  const exit = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  for (const signal of signals) {
    child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const [code, signal] = await exit;
  return { code, signal, seconds: (performance.now() - since) / 1000 };
}

describe("an exporter that is stopped", () => {
  it("ends in time when its scorers hang at work, and leaves none of them", async () => {
    const url = await start();
    const scorers = await childrenOf(child.pid!, "scoring-process.ts");
    expect(scorers).toHaveLength(2);
    for (const pid of scorers) process.kill(pid, "SIGSTOP");
    const answers = ["a", "b", "c"].map((message) =>
      ask(url, "/v1/sentiment", { messages: [message] }),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { code, signal, seconds } = await end("SIGTERM");
    expect([code, signal]).toEqual([0, null]);
    expect(seconds).toBeLessThan(MOST_SECONDS);
    // They were told why, and not just cut off.
    expect(await Promise.all(answers)).toEqual([503, 503, 503]);
    expect(scorers.filter(isAlive)).toEqual([]);
  });

  it("ends at once when it is asked again, and without a crash", async () => {
    const url = await start({ HEADROOM_DRAIN_SECONDS: "60" });
    const scorers = await childrenOf(child.pid!, "scoring-process.ts");
    for (const pid of scorers) process.kill(pid, "SIGSTOP");
    const answer = ask(url, "/v1/sentiment", { messages: ["a"] });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { code, signal, seconds } = await end("SIGINT", "SIGINT");
    expect([code, signal]).toEqual([1, null]);
    expect(seconds).toBeLessThan(10);
    expect(await answer).toBe(0);
    for (let i = 0; i < 4_800 && scorers.some(isAlive); i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(scorers.filter(isAlive)).toEqual([]);
  });

  it("does not wait for a program that reads the disks and never returns", async () => {
    const folder = await mkdtemp(join(tmpdir(), "headroom-df-"));
    await writeFile(join(folder, "df"), "#!/bin/sh\nexec sleep 30\n");
    await chmod(join(folder, "df"), 0o755);
    const url = await start({ PATH: `${folder}:${process.env["PATH"]}` });
    const answer = ask(url, "/v1/status/disk-analysis", {});
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { code, seconds } = await end("SIGTERM");
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(MOST_SECONDS);
    await answer;
    await rm(folder, { recursive: true });
  });
});
