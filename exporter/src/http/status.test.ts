import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import { createSimulatedGenerator } from "../engine/simulated/generator.ts";
import {
  type FaultPlan,
  LATENCY_PROFILES,
  type LatencyProfile,
} from "../engine/simulated/profiles.ts";
import type { StatusAnswer } from "../status/answer.ts";
import { createTestAnalyst, type TestAnalyst } from "../status/testing/test-analyst.ts";
import { readEvents, type ServerEvent } from "./testing/read-events.ts";
import { startTestServer, until, type TestServer } from "./testing/test-server.ts";

const PLACES = 8;

let server: TestServer;
let analyst: TestAnalyst;

async function start(
  faults?: FaultPlan,
  profile: LatencyProfile = LATENCY_PROFILES.instant,
): Promise<void> {
  analyst = createTestAnalyst({ generator: createSimulatedGenerator({ profile, faults }) });
  server = await startTestServer({ analyst, statusQueue: PLACES });
}

beforeEach(() => start());
afterEach(() => server.close());

const outcomes = async (count: number) => {
  await until(() => server.statuses.length >= count);
  return server.statuses.map(({ outcome }) => outcome);
};

describe("POST /v1/status/{scenario}", () => {
  it("answers with findings, a summary, and what it cost", async () => {
    const response = await server.askStatus("overall-health", { strategy: "quality" });
    const answer = (await response.json()) as StatusAnswer;
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(answer).toMatchObject({
      scenario: "overall-health",
      strategy: "quality",
      language: "en",
      status: "ok",
      summaryFrom: "model",
      cached: false,
      deadline: { targetMs: 1000 * STATUS_TARGET_SECONDS["overall-health"], met: true },
    });
    expect(answer.findings[0]).toMatchObject({ kind: "cpu", text: "The CPU is 50 % busy." });
    expect(Object.values(answer.timingsMs).every((ms) => Number.isFinite(ms))).toBe(true);
  });

  it("takes an empty body for all defaults, and answers in Japanese when asked", async () => {
    const plain = (await (await server.askStatus("quick-status", "")).json()) as StatusAnswer;
    expect(plain).toMatchObject({ strategy: "balanced", language: "en" });
    const other = await server.askStatus("quick-status", { language: "ja" });
    expect(((await other.json()) as StatusAnswer).summary).toMatch(/^正常: /);
  });

  it("is observed with its scenario and strategy", async () => {
    await server.askStatus("disk-analysis", { strategy: "speed" });
    await server.askStatus("no-such-thing");
    await outcomes(2);
    expect(server.statuses).toMatchObject([
      { scenario: "disk-analysis", strategy: "speed", outcome: "ok" },
      { scenario: "unknown", strategy: "unknown", outcome: "client_error" },
    ]);
    expect(server.observed).toEqual([]);
  });

  it("uses the cache unless the client forbids it", async () => {
    const cached = async (init?: RequestInit) =>
      ((await (await server.askStatus("quick-status", {}, init)).json()) as StatusAnswer).cached;
    const forbid = { headers: { "cache-control": "no-store" } };
    expect([await cached(), await cached(), await cached(forbid)]).toEqual([false, true, false]);
  });

  it.each([
    ["an unknown scenario", "mood", {}, 404, "unknown_scenario", "quick-status"],
    ["an unknown strategy", "quick-status", { strategy: "slow" }, 400, "unknown_strategy", "speed"],
    ["an unknown language", "quick-status", { language: "de" }, 400, "unknown_language", "ja"],
    ["no time", "quick-status", { deadlineMs: 10 }, 400, "deadline_out_of_range", "100 to 30000"],
    ["too much time", "quick-status", { deadlineMs: 1e9 }, 400, "deadline_out_of_range", "30000"],
    ["a time in words", "quick-status", { deadlineMs: "1s" }, 400, "deadline_out_of_range", "100"],
    ["an unknown field", "quick-status", { mood: 1 }, 400, "unknown_field", "deadlineMs"],
    ["no object", "quick-status", [], 400, "invalid_request", "strategy"],
    ["no JSON", "quick-status", "{", 400, "invalid_json", "quotes"],
    ["too much", "quick-status", `"${"x".repeat(1_100_000)}"`, 413, "body_too_large", "65536"],
  ])("refuses %s, and says what is allowed", async (_, scenario, body, status, code, says) => {
    const response = await server.askStatus(scenario, body);
    const problem = (await response.json()) as { code: string; detail: string };
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(problem.code).toBe(code);
    expect(JSON.stringify(problem)).toContain(says);
    expect(await outcomes(1)).toEqual(["client_error"]);
  });

  it("answers only POST", async () => {
    const response = await fetch(`${server.url}/v1/status/quick-status`);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });
});

describe("a streamed answer", () => {
  const stream = async (init?: RequestInit): Promise<ServerEvent[]> =>
    readEvents(await server.askStatus("quick-status", { stream: true }, init));

  it("gives the findings, the summary piece by piece, and the whole answer at last", async () => {
    const events = await stream();
    const types = events.map(({ event }) => event);
    expect([types[0], types.at(-1)]).toEqual(["findings", "done"]);
    expect(types.slice(1, -1).every((type) => type === "delta")).toBe(true);
    const told = events.flatMap(({ event, data }) =>
      event === "delta" ? [(data as { text: string }).text] : [],
    );
    expect(told.join("")).toBe((events.at(-1)!.data as StatusAnswer).summary);
    expect(events[0]!.data).toMatchObject({ status: "ok", findings: [{ kind: "cpu" }, {}, {}] });
  });

  it("takes nothing back when the model leaves its grammar", async () => {
    await server.close();
    await start({ fault: "garbage", share: 1 });
    const events = await stream();
    const answer = events.at(-1)!.data as StatusAnswer;
    const told = events.slice(1, -1).map(({ data }) => (data as { text: string }).text);
    expect(answer).toMatchObject({ fallback: "ungrounded", summaryFrom: "findings" });
    expect(told.join("")).toBe(answer.summary);
  });

  it("ends the generation at once when the client goes away", async () => {
    await server.close();
    await start({ fault: "hang", share: 1 });
    const controller = new AbortController();
    const response = await server.askStatus(
      "quick-status",
      { stream: true },
      { signal: controller.signal },
    );
    expect(response.status).toBe(200);
    await until(() => analyst.queue!.generator.busy === 1);
    controller.abort();
    await until(() => analyst.queue!.generator.busy === 0);
    expect(await outcomes(1)).toEqual(["aborted"]);
  });
});

describe("too many at once", () => {
  it("are refused with a time to come back, and nothing is left behind", async () => {
    await server.close();
    await start(undefined, { ...LATENCY_PROFILES.instant, decodeTokensPerSecond: 200 });
    const all = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) =>
        server.askStatus(Object.keys(STATUS_TARGET_SECONDS)[i % 8]!, {}, NO_STORE),
      ),
    );
    const statuses = all.map(({ status }) => status);
    const refused = all.filter(({ status }) => status === 503);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    expect(refused.every(({ headers }) => Number(headers.get("retry-after")) >= 1)).toBe(true);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(PLACES);
    await Promise.all(all.map((response) => response.arrayBuffer()));
    expect(analyst.queue!.waiting).toBe(0);
    expect(analyst.queue!.generator.busy).toBe(0);
    expect((await server.askStatus("quick-status")).status).toBe(200);
    expect(new Set(await outcomes(1_001))).toEqual(new Set(["ok", "refused"]));
  });
});

const NO_STORE = { headers: { "cache-control": "no-store" } };

describe("GET", () => {
  it("/v1/status lists what can be asked", async () => {
    const list = (await (await fetch(`${server.url}/v1/status`)).json()) as {
      scenarios: { name: string; targetSeconds: number }[];
    };
    const targets = list.scenarios.map(({ name, targetSeconds }) => [name, targetSeconds]);
    expect(Object.fromEntries(targets)).toEqual(STATUS_TARGET_SECONDS);
  });

  it("/v1/hardware gives the facts, the plan with its reasons, and advice", async () => {
    const report = (await (await fetch(`${server.url}/v1/hardware`)).json()) as {
      plan: Record<string, { value: unknown; source: string; why: string }>;
    };
    expect(report).toMatchObject({ facts: { platform: "darwin" }, chatModel: { phase: "ready" } });
    expect(report.plan["threads"]).toMatchObject({ value: 6, source: "table" });
    expect(report.plan["threads"]!.why).not.toBe("");
  });
});
