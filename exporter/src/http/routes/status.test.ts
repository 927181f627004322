import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import { createSimulatedGenerator } from "../../engine/simulated/generator.ts";
import {
  LATENCY_PROFILES,
  type FaultPlan,
  type LatencyProfile,
} from "../../engine/simulated/profiles.ts";
import { HeadroomError } from "../../errors.ts";
import { LANGUAGES } from "../../language.ts";
import { STRATEGIES, type StatusAnswer } from "../../status/answer.ts";
import { createTestAnalyst, type TestAnalyst } from "../../status/testing/test-analyst.ts";
import { readEvents, type ServerEvent } from "../testing/read-events.ts";
import { startTestServer, until, type TestServer } from "../testing/test-server.ts";
import { DEADLINE_MS, parseScenario, parseStatusBody } from "./status.ts";

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

  it("is observed with its scenario", async () => {
    await server.askStatus("disk-analysis", { strategy: "speed" });
    await server.askStatus("no-such-thing");
    await outcomes(2);
    expect(server.statuses).toMatchObject([
      { scenario: "disk-analysis", outcome: "ok" },
      { scenario: "unknown", outcome: "client_error" },
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

const SCENARIO_NAMES = Object.keys(STATUS_TARGET_SECONDS);
const FIELDS = ["strategy", "language", "deadlineMs", "stream"];
const DEFAULTS = { strategy: "balanced", language: "en", stream: false };

const bytesOf = (body: unknown) =>
  Buffer.from(typeof body === "string" ? body : JSON.stringify(body));

/** Why a body is refused. */
function refusal(parse: () => unknown): HeadroomError {
  try {
    parse();
  } catch (error) {
    if (error instanceof HeadroomError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("the scenario of a path", () => {
  it.each(SCENARIO_NAMES)("is known: %s", (name) => {
    expect(parseScenario(name)).toBe(name);
  });

  it.each(["", "mood", "Quick-Status", "quick-status ", "toString", "__proto__"])(
    "is refused with the list of those there are: %j",
    (name) => {
      const { code, members, message } = refusal(() => parseScenario(name));
      expect(code).toBe("unknown_scenario");
      expect(members).toEqual({ allowed: SCENARIO_NAMES });
      for (const scenario of SCENARIO_NAMES) expect(message).toContain(scenario);
    },
  );

  it("is not repeated when it is not known", () => {
    const { message, members } = refusal(() => parseScenario("secret-thing"));
    expect(JSON.stringify([message, members])).not.toContain("secret");
  });
});

describe("the body of a status request", () => {
  it.each([[""], [{}]])("is all defaults: %j", (body) => {
    expect(parseStatusBody(bytesOf(body))).toEqual(DEFAULTS);
  });

  it("may set everything", () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            strategy: fc.constantFrom(...STRATEGIES),
            language: fc.constantFrom(...LANGUAGES),
            deadlineMs: fc.integer({ min: DEADLINE_MS.least, max: DEADLINE_MS.most }),
            stream: fc.boolean(),
          },
          { requiredKeys: [] },
        ),
        (body) => {
          expect(parseStatusBody(bytesOf(body))).toEqual({ ...DEFAULTS, ...body });
        },
      ),
    );
  });

  it.each<[body: unknown, code: string, members: object]>([
    [{ strategy: "slow" }, "unknown_strategy", { field: "strategy", allowed: STRATEGIES }],
    [{ strategy: null }, "unknown_strategy", { field: "strategy", allowed: STRATEGIES }],
    [{ language: "de" }, "unknown_language", { field: "language", allowed: LANGUAGES }],
    [{ language: ["en"] }, "unknown_language", { field: "language", allowed: LANGUAGES }],
    [{ deadlineMs: 99 }, "deadline_out_of_range", { field: "deadlineMs", ...DEADLINE_MS }],
    [{ deadlineMs: 30_001 }, "deadline_out_of_range", { field: "deadlineMs", ...DEADLINE_MS }],
    [{ deadlineMs: 500.5 }, "deadline_out_of_range", { field: "deadlineMs", ...DEADLINE_MS }],
    [{ deadlineMs: "500" }, "deadline_out_of_range", { field: "deadlineMs", ...DEADLINE_MS }],
    [{ deadlineMs: null }, "deadline_out_of_range", { field: "deadlineMs", ...DEADLINE_MS }],
    ['{"deadlineMs": 1e999}', "deadline_out_of_range", { field: "deadlineMs", ...DEADLINE_MS }],
    [{ stream: "yes" }, "invalid_request", { field: "stream" }],
    [{ stream: 1 }, "invalid_request", { field: "stream" }],
    [{ stategy: "speed" }, "unknown_field", { field: "stategy", allowed: FIELDS }],
    [{ strategy: "slow", mood: 1 }, "unknown_field", { field: "mood", allowed: FIELDS }],
    [{ "not a name": 1 }, "unknown_field", { field: undefined, allowed: FIELDS }],
    ['{"__proto__": {}}', "unknown_field", { allowed: FIELDS }],
    ['{"stream": true, "stream": false}', "duplicate_field", { allowed: FIELDS }],
    [[], "invalid_request", {}],
    ["null", "invalid_request", {}],
    ["1", "invalid_request", {}],
    ['"speed"', "invalid_request", {}],
    ["{", "invalid_json", {}],
    [" ", "invalid_json", {}],
    ["strategy=speed", "invalid_json", {}],
  ])("is refused: %j as %s", (body, code, members) => {
    const error = refusal(() => parseStatusBody(bytesOf(body)));
    expect(error.code).toBe(code);
    expect(error.members).toMatchObject(members);
  });

  it("is refused when it is not UTF-8", () => {
    expect(refusal(() => parseStatusBody(Buffer.from([0x7b, 0xff, 0x7d]))).code).toBe(
      "invalid_encoding",
    );
  });

  it("says what is allowed", () => {
    const message = (body: unknown) => refusal(() => parseStatusBody(bytesOf(body))).message;
    expect(message({ strategy: "slow" })).toContain("speed, balanced, quality");
    expect(message({ language: "de" })).toContain("en, ja");
    expect(message({ deadlineMs: 0 })).toContain("from 100 to 30000");
    expect(message({ mood: 0 })).toContain("strategy, language, deadlineMs, stream");
    expect(message([])).toContain('{"strategy": "balanced", "language": "en"}');
  });

  it("is never repeated, but for the name of a field", () => {
    const secret = "sesame-opens-it";
    for (const body of [
      secret,
      [secret],
      { strategy: secret },
      { language: secret },
      { deadlineMs: secret },
      { stream: secret },
      { mood: secret },
      { [secret]: 1 },
      `{"strategy": "${secret}`,
    ]) {
      const { message, members } = refusal(() => parseStatusBody(bytesOf(body)));
      expect(JSON.stringify([message, members])).not.toContain(secret);
    }
  });

  it("is read or refused with a code, whatever it is", () => {
    const anything = fc.oneof(
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array().map((array) => Buffer.from(array)),
      fc.dictionary(fc.constantFrom(...FIELDS), fc.jsonValue()).map(bytesOf),
    );
    fc.assert(
      fc.property(anything, (body) => {
        try {
          expect(STRATEGIES).toContain(parseStatusBody(body).strategy);
        } catch (error) {
          expect(error).toBeInstanceOf(HeadroomError);
        }
      }),
    );
  });
});
