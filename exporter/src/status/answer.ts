import type { StatusScenario } from "@headroom/alerts/limits";
import type { Language } from "../language.ts";
import type { Finding, FindingSeverity } from "./findings/finding.ts";
import type { UnavailablePart } from "./snapshot/snapshot.ts";

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

/** A finding as an answer holds it: in one language. */
export type AnsweredFinding = Omit<Finding, "text"> & { readonly text: string };

/** The state of the machine in one language: what an answer says besides its summary. */
export interface Statement {
  /** The worst finding's severity. */
  readonly status: FindingSeverity;
  /** When the snapshot was taken, ISO 8601. */
  readonly takenAt: string;
  readonly findings: readonly AnsweredFinding[];
  readonly unavailable: readonly UnavailablePart[];
}

/** A statement with its summary, as it is cached: the two belong together. */
export interface Summary extends Statement {
  readonly summary: string;
  readonly summaryFrom: "model" | "findings";
  /** Present when the summary is the findings' own. */
  readonly fallback?: FallbackReason;
}

/** What happens on the way to an answer, in this order; a client that streams is told. */
export type StatusEvent =
  /** the state of the machine, before there is a summary */
  | { readonly type: "findings"; readonly statement: Statement }
  /** the next piece of the summary; all of them are the summary */
  | { readonly type: "delta"; readonly text: string };

/** How the time that was left was turned into tokens. */
export interface StatusBudget {
  /** Left of the deadline when the model was free, in milliseconds. */
  readonly leftMs: number;
  /** Estimated from recent answers. */
  readonly prefillTokensPerSecond: number;
  readonly decodeTokensPerSecond: number;
  /** Tokens of facts and of answer that fit into it. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Findings that the model was not told, the least important ones. */
  readonly findingsLeftOut: number;
}

/** The answer to `POST /v1/status/{scenario}`. */
export interface StatusAnswer extends Summary {
  readonly scenario: StatusScenario;
  readonly strategy: StrategyName;
  readonly language: Language;
  readonly cached: boolean;
  /** Which engine wrote or would have written the summary; none when there is no model to ask. */
  readonly engine: "llama.cpp" | "simulated" | "none";
  /** Id of the model, or null without one. */
  readonly model: string | null;
  readonly simulated: boolean;
  /** Where the time went, in milliseconds; 0 for what did not happen. */
  readonly timingsMs: Readonly<
    Record<"queue" | "snapshot" | "prefill" | "decode" | "total", number>
  >;
  /** Of the prompt, of these evaluated and not reused, and of the summary. */
  readonly tokens: { readonly input: number; readonly evaluated: number; readonly output: number };
  readonly deadline: { readonly ms: number; readonly targetMs: number; readonly met: boolean };
  /** Null when the model was not asked. */
  readonly budget: StatusBudget | null;
}
