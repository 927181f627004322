import type { StatusScenario } from "../../alerts/limits.ts";
import { isNumber, isObject, isOneOf, type Json } from "./json-shape.ts";

/** What was asked of the exporter, as far as the answer's shape depends on it. */
export interface AskedStatus {
  readonly scenario: StatusScenario;
  readonly strategy: "speed" | "balanced" | "quality";
  readonly language: "en" | "ja";
}

/** From good to bad; an answer's status is the worst of its findings. */
const SEVERITIES = ["ok", "warning", "critical"] as const;

const ENGINES = ["llama.cpp", "simulated", "none"] as const;

/** Why a summary is the findings' own sentences and not as the model arranged them. */
export const FALLBACK_REASONS = [
  "no_findings",
  "no_model",
  "language",
  "deadline",
  "model_failed",
  "ungrounded",
] as const;

/** See {@link FALLBACK_REASONS}. */
export type FallbackReason = (typeof FALLBACK_REASONS)[number];

/** What one well-formed answer says. */
export interface StatusReading {
  readonly status: (typeof SEVERITIES)[number];
  readonly summary: string;
  /** Whether a model arranged the summary; otherwise it is the findings' own. */
  readonly fromModel: boolean;
  /** Why it is not the model's. */
  readonly fallback?: FallbackReason;
  readonly cached: boolean;
  readonly engine: (typeof ENGINES)[number];
  /** Id of the model; null without one. */
  readonly model: string | null;
  readonly simulated: boolean;
  /** Time that the exporter says it took, in seconds. */
  readonly seconds: number;
}

const TIMINGS = ["queue", "snapshot", "prefill", "decode", "total"];
const TOKENS = ["input", "evaluated", "output"];
const BUDGET = [
  "leftMs",
  "prefillTokensPerSecond",
  "decodeTokensPerSecond",
  "inputTokens",
  "outputTokens",
  "findingsLeftOut",
];

const isText = (value: unknown): value is string =>
  typeof value === "string" && value.trim() !== "";

const isTime = (value: unknown): boolean => isText(value) && Number.isFinite(Date.parse(value));

const holdsAmounts = (value: unknown, names: readonly string[]): value is Record<string, number> =>
  isObject(value) &&
  names.every((name) => {
    const amount = value[name];
    return isNumber(amount) && amount >= 0;
  });

const isFinding = (value: unknown): boolean =>
  isObject(value) &&
  isText(value["kind"]) &&
  typeof value["subject"] === "string" &&
  isOneOf(SEVERITIES, value["severity"]) &&
  isText(value["text"]) &&
  Array.isArray(value["values"]) &&
  value["values"].every((one) => isObject(one) && isText(one["name"]) && isNumber(one["value"]));

const worstOf = (findings: readonly unknown[]): (typeof SEVERITIES)[number] =>
  SEVERITIES.findLast((severity) =>
    findings.some((finding) => isObject(finding) && finding["severity"] === severity),
  ) ?? "ok";

/** A summary is the model's, or there is a reason why it is not. */
const attributed = ({ summaryFrom, fallback }: Json): boolean =>
  summaryFrom === "model"
    ? fallback === undefined
    : summaryFrom === "findings" && isOneOf(FALLBACK_REASONS, fallback);

const inTime = ({ deadline, timingsMs }: Json): boolean =>
  isObject(deadline) &&
  deadline["met"] === true &&
  isNumber(deadline["ms"]) &&
  isObject(timingsMs) &&
  isNumber(timingsMs["total"]) &&
  timingsMs["total"] <= deadline["ms"];

/** The checks of a status answer by name, each with whether it holds. */
export function checkStatusAnswer(body: unknown, asked: AskedStatus): Record<string, boolean> {
  const answer = isObject(body) ? body : {};
  const { findings, budget } = answer;
  return {
    "the status answer is one to what was asked":
      answer["scenario"] === asked.scenario &&
      answer["strategy"] === asked.strategy &&
      answer["language"] === asked.language,
    "the status answer says who answered, when, and from what":
      isOneOf(ENGINES, answer["engine"]) &&
      (answer["model"] === null || isText(answer["model"])) &&
      typeof answer["simulated"] === "boolean" &&
      typeof answer["cached"] === "boolean" &&
      isTime(answer["takenAt"]) &&
      Array.isArray(answer["unavailable"]),
    "the findings are a list, each with its severity, values and text":
      Array.isArray(findings) && findings.every(isFinding),
    "the status is the worst severity of the findings":
      Array.isArray(findings) && answer["status"] === worstOf(findings),
    "the summary is a text, the model's or with the reason why not":
      isText(answer["summary"]) && attributed(answer),
    "the times, tokens, deadline and budget are numbers":
      holdsAmounts(answer["timingsMs"], TIMINGS) &&
      holdsAmounts(answer["tokens"], TOKENS) &&
      holdsAmounts(answer["deadline"], ["ms", "targetMs"]) &&
      (budget === null || holdsAmounts(budget, BUDGET)),
    "the answer came within its deadline": inTime(answer),
  };
}

/**
 * Reads what an answer says.
 *
 * @returns undefined when it lacks something; never for one that passed {@link checkStatusAnswer}
 */
export function readStatusAnswer(body: unknown): StatusReading | undefined {
  if (!isObject(body)) return undefined;
  const { status, summary, summaryFrom, fallback, cached, engine, model } = body;
  const { simulated, timingsMs } = body;
  if (
    !isOneOf(SEVERITIES, status) ||
    !isText(summary) ||
    typeof cached !== "boolean" ||
    !isOneOf(ENGINES, engine) ||
    (model !== null && typeof model !== "string") ||
    typeof simulated !== "boolean" ||
    !holdsAmounts(timingsMs, TIMINGS)
  ) {
    return undefined;
  }
  return {
    status,
    summary,
    fromModel: summaryFrom === "model",
    ...(isOneOf(FALLBACK_REASONS, fallback) && { fallback }),
    cached,
    engine,
    model,
    simulated,
    seconds: (timingsMs["total"] ?? Number.NaN) / 1000,
  };
}
