import { STATUS_TARGET_SECONDS, type StatusScenario } from "@headroom/alerts/limits";
import type { Reply } from "./stand-in.ts";

/** A proper answer to a status request, in the exporter's shape, for tests. */
export function exampleStatusAnswer(scenario: StatusScenario = "memory-status") {
  const targetMs = STATUS_TARGET_SECONDS[scenario] * 1_000;
  return {
    scenario,
    strategy: "balanced",
    language: "en",
    status: "warning",
    takenAt: "2026-01-02T03:04:05.000Z",
    findings: [
      {
        kind: "cpu",
        subject: "",
        severity: "ok",
        values: [{ name: "usage", value: 0.23, unit: "ratio" }],
        text: "The processors are 23 % busy.",
      },
      {
        kind: "memory",
        subject: "",
        severity: "warning",
        values: [{ name: "used", value: 0.87, unit: "ratio" }],
        limit: 0.85,
        text: "87 % of the memory is used, above the limit of 85 %.",
      },
    ],
    unavailable: [{ part: "battery", reason: "this machine has none" }],
    summary:
      "WARNING because of memory. 87 % of the memory is used, above the limit of 85 %, while the " +
      "processors are 23 % busy.",
    summaryFrom: "model",
    cached: false,
    engine: "llama.cpp",
    model: "SmolLM2-135M-Instruct",
    simulated: false,
    timingsMs: { queue: 0, snapshot: 40, prefill: 350, decode: 500, total: 900 },
    tokens: { input: 90, evaluated: 60, output: 24 },
    deadline: { ms: targetMs, targetMs, met: true },
    budget: {
      leftMs: targetMs - 40,
      prefillTokensPerSecond: 180,
      decodeTokensPerSecond: 48,
      inputTokens: 120,
      outputTokens: 80,
      findingsLeftOut: 0,
    },
  };
}

const SENTIMENT_RESULT = {
  label: "positive",
  score: 1,
  probability: 1 / (1 + Math.exp(-1)),
  cached: false,
  attribution: {
    method: "prefix",
    words: [{ text: "good", value: 1 }],
    entropy: 1.2,
    sparsity: 0.4,
  },
};

/** Answers as the exporter does to messages with `prefix` and to status requests, for tests. */
export function exampleReply(path: string, body: string): Reply {
  const scenario = /^\/v1\/status\/(.+)$/.exec(path)?.[1];
  const { messages } = JSON.parse(body) as { messages?: unknown[] };
  return {
    body: JSON.stringify(
      scenario === undefined
        ? {
            model: "m",
            simulated: false,
            attribution: "prefix",
            results: messages?.map(() => SENTIMENT_RESULT),
          }
        : exampleStatusAnswer(scenario as StatusScenario),
    ),
  };
}
