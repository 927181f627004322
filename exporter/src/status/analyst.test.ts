import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import { createSimulatedGenerator } from "../engine/simulated/generator.ts";
import { type GeneratorFault, LATENCY_PROFILES } from "../engine/simulated/profiles.ts";
import type { AnswerOptions } from "./analyst.ts";
import { LANGUAGES } from "../language.ts";
import { STRATEGIES, type StatusEvent, type StatusRequest } from "./answer.ts";
import { SCENARIO_NAMES } from "./scenarios.ts";
import { HangingReader } from "./testing/scripted-readers.ts";
import { createTestAnalyst, type TestAnalyst } from "./testing/test-analyst.ts";

const QUICK: StatusRequest = { scenario: "quick-status", strategy: "balanced", language: "en" };

function ask(
  analyst: TestAnalyst,
  request: Partial<StatusRequest> = {},
  options: Partial<AnswerOptions> = {},
) {
  return analyst.answer(
    { ...QUICK, ...request },
    {
      acceptedAt: performance.now(),
      cache: "use",
      signal: new AbortController().signal,
      ...options,
    },
  );
}

const faulty = (fault: GeneratorFault) =>
  createSimulatedGenerator({ profile: LATENCY_PROFILES.instant, faults: { fault, share: 1 } });

describe("an answer", () => {
  it.each(
    SCENARIO_NAMES.flatMap((scenario) =>
      LANGUAGES.flatMap((language) =>
        STRATEGIES.map((strategy) => [scenario, language, strategy] as const),
      ),
    ),
  )("is true and in time: %s in %s for %s", async (scenario, language, strategy) => {
    const network = async () => [
      { name: "eth0", up: true, receivedBytesPerSecond: 5e6, sentBytesPerSecond: 2e3, errors: 0 },
    ];
    const analyst = createTestAnalyst({ readers: { network } });
    const answer = await ask(analyst, { scenario, language, strategy });
    const targetMs = 1000 * STATUS_TARGET_SECONDS[scenario];
    expect(answer).toMatchObject({ scenario, language, strategy, engine: "simulated" });
    expect(answer).toMatchObject({ summaryFrom: "model", cached: false, simulated: true });
    expect(answer.deadline).toEqual({ ms: targetMs, targetMs, met: true });
    expect(answer.summary).not.toBe("");
    expect(answer.unavailable).toEqual([]);
  });

  it("is the model's words, with what they cost", async () => {
    const { summaryFrom, summary, tokens, budget, findings } = await ask(createTestAnalyst());
    expect(summaryFrom).toBe("model");
    expect(summary).toMatch(
      /^OK: nothing looked at is at a limit\. The CPU is 50 % busy, and memory is /,
    );
    expect(findings.map(({ kind }) => kind)).toEqual(["cpu", "memory", "disk"]);
    expect(tokens.output).toBeGreaterThan(0);
    expect(tokens.output).toBeLessThanOrEqual(budget!.outputTokens);
  });

  it("has the worst finding's severity as its status, and speaks of it first", async () => {
    const analyst = createTestAnalyst({
      readers: { disks: async () => [{ mount: "/data", totalBytes: 100e9, usedBytes: 97e9 }] },
    });
    const answer = await ask(analyst);
    expect(answer.status).toBe("critical");
    expect(answer.findings[0]).toMatchObject({ kind: "disk", subject: "/data" });
    expect(answer.summary).toMatch(/^CRITICAL because of disk \/data\./);
  });

  it("lists what could not be read, and says the rest", async () => {
    const analyst = createTestAnalyst({
      readers: {
        cpu: () => Promise.reject(new Error("no such counter")),
        disks: new HangingReader().read,
      },
    });
    const answer = await ask(analyst);
    expect(answer.unavailable.map(({ part }) => part).sort()).toEqual(["cpu", "disks"]);
    expect(answer.findings.map(({ kind }) => kind)).toEqual(["memory"]);
    expect(answer.summary).toMatch(/Not everything could be read\.$/);
    expect(answer.deadline.met).toBe(true);
  });

  it("does not say ok when nothing at all could be read", async () => {
    const analyst = createTestAnalyst({
      readers: { disks: () => Promise.reject(new Error("broken")) },
    });
    const answer = await ask(analyst, { scenario: "disk-analysis" });
    expect(answer).toMatchObject({ status: "warning", fallback: "no_findings" });
    expect(answer.summary).toBe("What was asked about could not be read.");
    expect(answer.unavailable).toHaveLength(1);
  });
});

it("is ok when there is nothing to report", async () => {
  const answer = await ask(createTestAnalyst(), { scenario: "network-status" });
  expect(answer).toMatchObject({
    status: "ok",
    summary: "There is nothing to report.",
    fallback: "no_findings",
    engine: "none",
  });
});

describe("without a model's words, the findings speak", () => {
  it("when there is no model", async () => {
    const answer = await ask(createTestAnalyst({ without: "model" }));
    expect(answer).toMatchObject({
      summaryFrom: "findings",
      fallback: "no_model",
      engine: "none",
      model: null,
    });
    expect(answer.summary).toContain("The CPU is 50 % busy.");
  });

  it("when the model does not speak the language", async () => {
    const generator = createSimulatedGenerator({ profile: LATENCY_PROFILES.instant });
    const english = { ...generator, model: { ...generator.model, languages: ["en"] as const } };
    const answer = await ask(createTestAnalyst({ generator: english }), { language: "ja" });
    expect(answer).toMatchObject({ fallback: "language", engine: "none" });
    expect(answer.summary).toContain("CPU使用率は50%です。");
  });

  it.each([
    ["error", "model_failed"],
    ["garbage", "ungrounded"],
    ["hang", "deadline"],
  ] as const)("when the model's fault is: %s", async (fault, fallback) => {
    const analyst = createTestAnalyst({ generator: faulty(fault) });
    const answer = await ask(analyst, { deadlineMs: 1_500 });
    expect(answer).toMatchObject({ summaryFrom: "findings", fallback });
    expect(answer.summary).toContain("The CPU is 50 % busy.");
    expect(answer.deadline).toMatchObject({ ms: 1_500, met: true });
  });

  it("when the machine is too slow for its own snapshot", async () => {
    const slow = new HangingReader().read;
    const analyst = createTestAnalyst({ readers: { cpu: slow, memory: slow, disks: slow } });
    const answer = await ask(analyst, { deadlineMs: 100 });
    expect(answer.unavailable).toHaveLength(3);
    expect(answer.deadline).toMatchObject({ ms: 100, met: true });
  });

  it("when the queue is longer than the deadline", async () => {
    const generator = createSimulatedGenerator({
      profile: { prefillTokensPerSecond: 500, decodeTokensPerSecond: 100, sequences: 1 },
    });
    const analyst = createTestAnalyst({ generator });
    const all = await Promise.all(
      Array.from({ length: 40 }, () => ask(analyst, { deadlineMs: 1_500 }, { cache: "no-store" })),
    );
    expect(all.every(({ deadline }) => deadline.met)).toBe(true);
    const late = all.filter(({ fallback }) => fallback === "deadline");
    expect(late.length).toBeGreaterThan(0);
    expect(all.length - late.length).toBeGreaterThan(0);
    expect(analyst.queue!.waiting).toBe(0);
  });
});

describe("the cache", () => {
  it("answers an equal request on an unchanged machine", async () => {
    const analyst = createTestAnalyst();
    const first = await ask(analyst);
    const second = await ask(analyst);
    expect([first.cached, second.cached]).toEqual([false, true]);
    expect(second.summary).toBe(first.summary);
    expect(second.tokens.output).toBe(0);
  });

  it.each<[string, Partial<StatusRequest>]>([
    ["another scenario", { scenario: "overall-health" }],
    ["another strategy", { strategy: "speed" }],
    ["another language", { language: "ja" }],
  ])("does not answer %s", async (_, change) => {
    const analyst = createTestAnalyst();
    await ask(analyst);
    expect((await ask(analyst, change)).cached).toBe(false);
  });

  it("does not answer once the machine is worse", async () => {
    let used = 40e9;
    const disks = async () => [{ mount: "/", totalBytes: 100e9, usedBytes: used }];
    const calm = createTestAnalyst({ readers: { disks } });
    await ask(calm, { scenario: "disk-analysis" });
    used = 97e9;
    const worse = createTestAnalyst({ readers: { disks }, cache: calm.cache });
    const answer = await ask(worse, { scenario: "disk-analysis" });
    expect(answer).toMatchObject({ status: "critical", cached: false });
  });

  it("is left out when the caller says so", async () => {
    const analyst = createTestAnalyst();
    await ask(analyst);
    expect((await ask(analyst, {}, { cache: "no-store" })).cached).toBe(false);
  });

  it("does not keep what only the deadline made short", async () => {
    const analyst = createTestAnalyst({ generator: faulty("hang") });
    await ask(analyst, { deadlineMs: 300 });
    expect((await ask(analyst, { deadlineMs: 300 })).cached).toBe(false);
  });

  it("lets equal requests at the same time share one answer", async () => {
    const profile = { ...LATENCY_PROFILES.instant, decodeTokensPerSecond: 200 };
    const analyst = createTestAnalyst({ generator: createSimulatedGenerator({ profile }) });
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(analyst)));
    expect(answers.filter(({ cached }) => !cached)).toHaveLength(1);
    expect(new Set(answers.map(({ summary }) => summary)).size).toBe(1);
  });
});

describe("an equal request with less time", () => {
  it("does not cost the one that has more its words", async () => {
    const profile = { prefillTokensPerSecond: 1_000, decodeTokensPerSecond: 100, sequences: 1 };
    const analyst = createTestAnalyst({ generator: createSimulatedGenerator({ profile }) });
    const [hasty, patient] = await Promise.all([ask(analyst, { deadlineMs: 200 }), ask(analyst)]);
    expect(hasty).toMatchObject({ fallback: "deadline", deadline: { met: true } });
    expect(patient).toMatchObject({ summaryFrom: "model", deadline: { met: true } });
  });
});

describe("the events on the way", () => {
  const record = async (analyst: TestAnalyst, request: Partial<StatusRequest> = {}) => {
    const events: StatusEvent[] = [];
    const answer = await ask(analyst, request, { onEvent: (event) => events.push(event) });
    const text = events.map((event) => (event.type === "delta" ? event.text : "")).join("");
    return { answer, events, text, types: [...new Set(events.map(({ type }) => type))] };
  };

  it("are the findings, then the summary piece by piece", async () => {
    const { answer, events, text, types } = await record(createTestAnalyst());
    expect(types).toEqual(["findings", "delta"]);
    expect(events.length).toBeGreaterThan(3);
    expect(text).toBe(answer.summary);
  });

  it("are the findings and the whole summary when it comes from the cache", async () => {
    const analyst = createTestAnalyst();
    await ask(analyst);
    const { answer, events } = await record(analyst);
    expect(events.map(({ type }) => type)).toEqual(["findings", "delta"]);
    expect(events[1]).toEqual({ type: "delta", text: answer.summary });
  });

  it.each(["garbage", "hang", "error"] as const)(
    "go on with the findings where the model's fault is: %s",
    async (fault) => {
      const analyst = createTestAnalyst({ generator: faulty(fault) });
      const { answer, text, types } = await record(analyst, { deadlineMs: 400 });
      expect(types).toEqual(["findings", "delta"]);
      expect(text).toBe(answer.summary);
    },
  );
});

describe("an abort", () => {
  it("ends the answer with its reason and frees the sequence at once", async () => {
    const analyst = createTestAnalyst({ generator: faulty("hang") });
    const controller = new AbortController();
    const answer = ask(analyst, {}, { signal: controller.signal });
    while (analyst.queue!.generator.busy === 0) await sleep(1);
    controller.abort(new Error("gone"));
    await expect(answer).rejects.toThrow("gone");
    await sleep(5);
    expect(analyst.queue!.generator.busy).toBe(0);
    expect(analyst.answers).toEqual([]);
  });

  it("of one does not end the answer that others wait for", async () => {
    const profile = { ...LATENCY_PROFILES.instant, decodeTokensPerSecond: 100 };
    const analyst = createTestAnalyst({ generator: createSimulatedGenerator({ profile }) });
    const controller = new AbortController();
    const first = ask(analyst, {}, { signal: controller.signal });
    const second = ask(analyst);
    while (analyst.queue!.generator.busy === 0) await sleep(1);
    controller.abort(new Error("gone"));
    await expect(first).rejects.toThrow("gone");
    expect((await second).summaryFrom).toBe("model");
  });
});
