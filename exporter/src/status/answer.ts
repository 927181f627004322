import { z } from "zod";
import { STATUS_TARGET_SECONDS, type StatusScenario } from "@headroom/alerts/limits";
import { LANGUAGES, type Language } from "../language.ts";
import type { TypeOf } from "../type-of.ts";
import { ANSWERED_FINDING, FINDING_SEVERITIES } from "./findings/finding.ts";
import { UNAVAILABLE_PART } from "./snapshot/snapshot.ts";

/** How much time an answer may take for the sake of its summary. */
export const STRATEGIES = ["speed", "balanced", "quality"] as const;

/** See {@link STRATEGIES}. */
export type StrategyName = (typeof STRATEGIES)[number];

/** What a strategy trades: the length of prompt and answer, and how old an answer may be. */
export interface Strategy {
  readonly name: StrategyName;
  /** The most findings that a summary states. */
  readonly findings: number;
  /** Seconds for which an answer is kept. */
  readonly cacheTtlSeconds: number;
}

/** The strategies. */
export const STRATEGY: Readonly<Record<StrategyName, Strategy>> = {
  speed: { name: "speed", findings: 2, cacheTtlSeconds: 60 },
  balanced: { name: "balanced", findings: 3, cacheTtlSeconds: 30 },
  quality: { name: "quality", findings: 5, cacheTtlSeconds: 15 },
};

/** What is asked for. */
export interface StatusRequest {
  readonly scenario: StatusScenario;
  readonly strategy: StrategyName;
  readonly language: Language;
  /** The caller's own limit in milliseconds; only one below the scenario's target has an effect. */
  readonly deadlineMs?: number | undefined;
}

/** Why a summary is the findings' own sentences and not as the model arranged them. */
export const FALLBACK_REASONS = [
  /** there is nothing to put into words */
  "no_findings",
  /** no model is configured, found or loaded yet */
  "no_model",
  /** the model does not speak the language */
  "language",
  /** the deadline came first */
  "deadline",
  /** the model failed */
  "model_failed",
  /** the model wrote what its grammar does not allow */
  "ungrounded",
] as const;

/** See {@link FALLBACK_REASONS}. */
export type FallbackReason = (typeof FALLBACK_REASONS)[number];

/** The state of the machine in one language: what an answer says besides its summary. */
export const STATEMENT = z.strictObject({
  status: z.enum(FINDING_SEVERITIES).describe("The worst finding's severity."),
  takenAt: z.iso.datetime().describe("When the snapshot was taken."),
  findings: z.array(ANSWERED_FINDING),
  unavailable: z.array(UNAVAILABLE_PART).describe("What could not be read, and why."),
});

/** See {@link STATEMENT}. */
export type Statement = TypeOf<typeof STATEMENT>;

/** A statement with its summary, as it is cached: the two belong together. */
export const SUMMARY = STATEMENT.extend({
  summary: z.string().min(1),
  summaryFrom: z.enum(["model", "findings"]),
  fallback: z.enum(FALLBACK_REASONS).exactOptional().describe("Why it is not the model's."),
});

/** See {@link SUMMARY}. */
export type Summary = TypeOf<typeof SUMMARY>;

/** A piece of a summary that is told while it arises. */
export const DELTA = z.strictObject({ text: z.string() });

/** What happens on the way to an answer, in this order; a client that streams is told. */
export type StatusEvent =
  /** the state of the machine, before there is a summary */
  | { readonly type: "findings"; readonly statement: Statement }
  /** the next piece of the summary; all of them are the summary */
  | ({ readonly type: "delta" } & TypeOf<typeof DELTA>);

const count = z.int().nonnegative();
const amount = z.number().nonnegative();
const milliseconds = z.number();

const BUDGET = z.strictObject({
  leftMs: milliseconds.describe("Left of the deadline when the model was free."),
  prefillTokensPerSecond: amount.describe("Estimated from recent answers."),
  decodeTokensPerSecond: amount.describe("Estimated from recent answers."),
  inputTokens: z.number().describe("Tokens of facts that fit into it."),
  outputTokens: z.number().describe("Tokens of answer that fit into it."),
  findingsLeftOut: count.describe("The least important findings, which the model was not told."),
});

/** See `budget` in {@link STATUS_ANSWER}. */
export type StatusBudget = TypeOf<typeof BUDGET>;

/** The answer to `POST /v1/status/{scenario}`. */
export const STATUS_ANSWER = SUMMARY.extend({
  scenario: z.enum(Object.keys(STATUS_TARGET_SECONDS) as readonly StatusScenario[]),
  strategy: z.enum(STRATEGIES),
  language: z.enum(LANGUAGES),
  cached: z.boolean(),
  engine: z.enum(["llama.cpp", "simulated", "none"]).describe("None without a model to ask."),
  model: z.string().nullable().describe("Id of the model, or null without one."),
  simulated: z.boolean(),
  timingsMs: z
    .strictObject({
      queue: milliseconds,
      snapshot: milliseconds,
      prefill: milliseconds,
      decode: milliseconds,
      total: milliseconds,
    })
    .describe("Where the time went; 0 for what did not happen."),
  tokens: z
    .strictObject({ input: count, evaluated: count, output: count })
    .describe("Of the prompt, of these evaluated and not reused, and of the summary."),
  deadline: z.strictObject({ ms: milliseconds, targetMs: milliseconds, met: z.boolean() }),
  budget: BUDGET.nullable().describe("Null when the model was not asked."),
}).meta({ id: "StatusAnswer" });

/** See {@link STATUS_ANSWER}. */
export type StatusAnswer = TypeOf<typeof STATUS_ANSWER>;
