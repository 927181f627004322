import type { StatusScenario } from "../../alerts/limits.ts";

// What the exporter's answers must look like. k6 and the status requests after a load both check them.

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

const isNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value);

const isShare = (value: unknown): value is number => isNumber(value) && value >= 0 && value <= 1;

const isText = (value: unknown): value is string =>
  typeof value === "string" && value.trim() !== "";

const isOneOf = <T extends string>(allowed: readonly T[], value: unknown): value is T =>
  allowed.some((one) => one === value);

/** What was asked about messages, as far as the answer's shape depends on it. */
export interface Asked {
  readonly messages: number;
  readonly attribution: "none" | "prefix" | "occlusion";
}

/** The answer may round; more than this between score and probability is a defect. */
const PROBABILITY_TOLERANCE = 0.005;

/** The checks of a sentiment answer's shape by name, each with whether it holds. */
export function checkAnswer(body: unknown, asked: Asked): Record<string, boolean> {
  const results = resultsOf(body);
  return {
    "the answer names its model and says whether it is simulated":
      isObject(body) && typeof body["model"] === "string" && typeof body["simulated"] === "boolean",
    "the answer holds one result a message": results.length === asked.messages,
    "each result has a label, a score and the probability that belongs to it":
      results.every(isClassified),
    "each result has the attributions that were asked for": results.every((result) =>
      isAttributed(result, asked.attribution),
    ),
  };
}

/** Reads the figures out of a sentiment answer that passed {@link checkAnswer}. */
export function readAnswer(body: unknown) {
  const results = resultsOf(body);
  const attributions = results.map((result) => result["attribution"]).filter(isObject);
  return {
    /** Results that came from the exporter's cache. */
    cached: results.filter((result) => result["cached"] === true).length,
    /** In nats, of each attribution that has one. */
    entropies: attributions.map(({ entropy }) => entropy).filter(isNumber),
    /** Gini index of each attribution that has one. */
    sparsities: attributions.map(({ sparsity }) => sparsity).filter(isNumber),
    /** Attributions without entropy and sparsity. */
    undefinedAttributions: attributions.filter(({ entropy }) => entropy === null).length,
  };
}

const resultsOf = (body: unknown): readonly Json[] =>
  isObject(body) && Array.isArray(body["results"]) ? body["results"].filter(isObject) : [];

const isClassified = ({ label, score, probability, cached }: Json): boolean =>
  isOneOf(["positive", "negative", "neutral"], label) &&
  isNumber(score) &&
  isShare(probability) &&
  Math.abs(probability - 1 / (1 + Math.exp(-score))) <= PROBABILITY_TOLERANCE &&
  typeof cached === "boolean";

function isAttributed({ attribution }: Json, method: Asked["attribution"]): boolean {
  if (method === "none") return attribution === undefined;
  if (!isObject(attribution) || attribution["method"] !== method) return false;
  const { words, entropy, sparsity, undefinedReason } = attribution;
  if (!Array.isArray(words)) return false;
  const wordsFit = words.every(
    (word) => isObject(word) && typeof word["text"] === "string" && isNumber(word["value"]),
  );
  const isDefined = isNumber(entropy) && entropy >= 0 && isShare(sparsity);
  const isUndefined = entropy === null && sparsity === null && typeof undefinedReason === "string";
  return wordsFit && (isDefined || isUndefined);
}

/** What was asked about the machine, as far as the answer's shape depends on it. */
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
      isText(answer["summary"]) && saysWhose(answer),
    "the times, tokens, deadline and budget are numbers":
      holdsAmounts(answer["timingsMs"], TIMINGS) &&
      holdsAmounts(answer["tokens"], TOKENS) &&
      holdsAmounts(answer["deadline"], ["ms", "targetMs"]) &&
      (budget === null || holdsAmounts(budget, BUDGET)),
    "the answer came within its deadline": isInTime(answer),
  };
}

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
const saysWhose = ({ summaryFrom, fallback }: Json): boolean =>
  summaryFrom === "model"
    ? fallback === undefined
    : summaryFrom === "findings" && isOneOf(FALLBACK_REASONS, fallback);

const isInTime = ({ deadline, timingsMs }: Json): boolean =>
  isObject(deadline) &&
  deadline["met"] === true &&
  isNumber(deadline["ms"]) &&
  isObject(timingsMs) &&
  isNumber(timingsMs["total"]) &&
  timingsMs["total"] <= deadline["ms"];

/** What one well-formed status answer says. */
export type StatusReading = NonNullable<ReturnType<typeof readStatusAnswer>>;

/**
 * Reads what a status answer says.
 *
 * @returns undefined when it lacks something; never for one that passed {@link checkStatusAnswer}
 */
export function readStatusAnswer(body: unknown) {
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
    /** Whether a model arranged the summary; otherwise it is the findings' own. */
    fromModel: summaryFrom === "model",
    /** Why it is not the model's. */
    ...(isOneOf(FALLBACK_REASONS, fallback) && { fallback }),
    cached,
    engine,
    /** Id of the model; null without one. */
    model,
    simulated,
    /** Time that the exporter says it took. */
    seconds: (timingsMs["total"] ?? Number.NaN) / 1000,
  };
}
