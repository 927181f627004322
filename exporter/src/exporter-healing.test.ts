import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { loadConfig } from "./config.ts";
import { startExporter, type Exporter } from "./exporter.ts";
import { childrenOf } from "./testing/children-of.ts";

let exporter: Exporter;
beforeAll(async () => {
  const config = loadConfig({
    HEADROOM_PORT: "0",
    HEADROOM_CHAT_MODEL: "none",
    HEADROOM_WORKERS: "2",
  });
  exporter = await startExporter(config, pino({ level: "silent" }));
});
afterAll(() => exporter.stop());

/** The processes that have the sentiment model. */
const scorers = () => childrenOf(process.pid, "scoring-process.ts");

let asked = 0;
async function ask(messages: readonly string[] = [`a lovely film ${asked++}`, `awful ${asked++}`]) {
  return fetch(`${exporter.url}/v1/sentiment`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages, attribution: "prefix" }),
  });
}

/** Asks again and again for a time; how often each status came, and the longest answer in seconds. */
async function steadily(seconds: number) {
  const statuses: Record<number, number> = {};
  let slowest = 0;
  const end = performance.now() + 1000 * seconds;
  const requests: Promise<void>[] = [];
  while (performance.now() < end) {
    const since = performance.now();
    requests.push(
      ask().then(({ status }) => {
        statuses[status] = (statuses[status] ?? 0) + 1;
        slowest = Math.max(slowest, (performance.now() - since) / 1000);
      }),
    );
    await sleep(20);
  }
  await Promise.all(requests);
  return { statuses, slowest };
}

const readiness = async () => {
  const response = await fetch(`${exporter.url}/readyz`);
  return { status: response.status, ...((await response.json()) as { state: string }) };
};
async function untilReady(): Promise<void> {
  for (let i = 0; i < 4_800 && (await readiness()).state !== "ready"; i++) await sleep(50);
  expect(await readiness()).toMatchObject({ status: 200, state: "ready" });
}
const restarts = async () => {
  const page = await (await fetch(`${exporter.url}/metrics`)).text();
  return Number(/^headroom_model_restarts_total\{task="sentiment"\} (\d+)$/m.exec(page)?.[1]);
};

describe("an exporter whose scorers fail", () => {
  it("answers every request when one of two is killed, says so, and has two again", async () => {
    const [first] = await scorers();
    const load = steadily(3);
    await sleep(500);
    process.kill(first!, "SIGKILL");
    let degraded = await readiness();
    for (let i = 0; i < 10_000 && degraded.state === "ready"; i++) degraded = await readiness();
    expect(degraded).toMatchObject({ status: 200, state: "degraded", ready: true });
    expect(Object.keys((await load).statuses)).toEqual(["200"]);
    await untilReady();
    expect((await scorers()).includes(first!)).toBe(false);
    expect(await scorers()).toHaveLength(2);
    expect(await restarts()).toBe(1);
  });

  it("answers what one had that aborts as native code does", async () => {
    const [first] = await scorers();
    const load = steadily(2);
    await sleep(300);
    process.kill(first!, "SIGABRT");
    expect(Object.keys((await load).statuses)).toEqual(["200"]);
    await untilReady();
  });

  it("notices one that hangs, and answers what it had by the other", async () => {
    const [first] = await scorers();
    process.kill(first!, "SIGSTOP");
    const { statuses, slowest } = await steadily(2);
    expect(Object.keys(statuses)).toEqual(["200"]);
    // Two batches went to the one that hung, and waited until that was noticed.
    expect(slowest).toBeLessThan(20);
    await untilReady();
    expect((await scorers()).includes(first!)).toBe(false);
  });

  it("tells apart what can be sent again in a moment, when none is left", async () => {
    // Ended this often within a minute they are not started again at once.
    for (let i = 0; i < 4; i++) {
      for (const pid of await scorers()) process.kill(pid, "SIGKILL");
      await sleep(700);
    }
    const { statuses } = await steadily(1);
    expect(Object.keys(statuses).every((status) => ["200", "503"].includes(status))).toBe(true);
    await untilReady();
    expect((await ask()).status).toBe(200);
  });
});

describe("a request that asks for a great deal", () => {
  const long = (words: number) => Array.from({ length: words }, () => "a").join(" ");
  const occlusion = (messages: readonly string[]) =>
    fetch(`${exporter.url}/v1/sentiment`, {
      method: "POST",
      headers: { "content-type": "application/json", "cache-control": "no-store" },
      body: JSON.stringify({ messages, attribution: "occlusion" }),
    });

  it("is refused before anything is done for it, with what is allowed", async () => {
    const response = await occlusion(Array.from({ length: 128 }, () => long(2041)));
    expect(response.status).toBe(413);
    const problem = (await response.json()) as { code: string; cost: number; limit: number };
    expect(problem).toMatchObject({ code: "too_much_work", unit: "tokens" });
    expect(problem.cost).toBeGreaterThan(100e6);
    expect(problem.limit).toBeLessThan(problem.cost);
  });

  it("is worked on beside others, who hardly wait for it", async () => {
    const large = occlusion([long(600), long(600)]);
    await sleep(50);
    const { statuses } = await steadily(1);
    expect(Object.keys(statuses)).toEqual(["200"]);
    expect([200, 413]).toContain((await large).status);
  });

  it("passes with 128 messages of the longest kind in any script", async () => {
    for (const character of ["\u{1f600}", "\u6f22", "a"]) {
      const messages = Array.from({ length: 128 }, (_, i) => `${i} ${character.repeat(4000)}`);
      const response = await fetch(`${exporter.url}/v1/sentiment`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ messages }),
      });
      expect(response.status).toBe(200);
      expect(((await response.json()) as { results: unknown[] }).results).toHaveLength(128);
    }
  });
});
