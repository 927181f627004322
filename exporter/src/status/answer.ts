import type { StatusScenario } from "@headroom/alerts/limits";
import type { Finding, FindingSeverity } from "./findings/finding.ts";
import type { Language } from "../language.ts";
import type { UnavailablePart } from "./snapshot/snapshot.ts";

/** How much time an answer may take for the sake of its summary. */
export const STRATEGIES = ["speed", "balanced", "quality"] as const;

/** See {@link STRATEGIES}. */
export type StrategyName = (typeof STRATEGIES)[number];

/** Which engine wrote or would have written the summary; none when there is no model to ask. */
export type StatusEngine = "llama.cpp" | "simulated" | "none";

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

/** Where the time of an answer went, in milliseconds; 0 for what did not happen. */
export interface StatusTimings {
  readonly queue: number;
  readonly snapshot: number;
  readonly prefill: number;
  readonly decode: number;
  readonly total: number;
}

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
export interface StatusAnswer {
  readonly scenario: StatusScenario;
  readonly strategy: StrategyName;
  readonly language: Language;
  /** The worst finding's severity. */
  readonly status: FindingSeverity;
  /** When the snapshot was taken, ISO 8601. */
  readonly takenAt: string;
  readonly findings: readonly AnsweredFinding[];
  readonly unavailable: readonly UnavailablePart[];
  readonly summary: string;
  readonly summaryFrom: "model" | "findings";
  /** Present when the summary is the findings' own. */
  readonly fallback?: FallbackReason;
  readonly cached: boolean;
  readonly engine: StatusEngine;
  /** Id of the model, or null without one. */
  readonly model: string | null;
  readonly simulated: boolean;
  readonly timingsMs: StatusTimings;
  /** Of the prompt, of these evaluated and not reused, and of the summary. */
  readonly tokens: { readonly input: number; readonly evaluated: number; readonly output: number };
  readonly deadline: { readonly ms: number; readonly targetMs: number; readonly met: boolean };
  /** Null when the model was not asked. */
  readonly budget: StatusBudget | null;
}
