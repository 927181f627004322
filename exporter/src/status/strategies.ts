import type { StrategyName } from "./answer.ts";

/** What a strategy trades: the length of prompt and answer, and how old an answer may be. */
export interface Strategy {
  readonly name: StrategyName;
  /** The most tokens of a summary. */
  readonly answerTokens: number;
  /** The most findings that the model is told. */
  readonly findings: number;
  /** Seconds for which an answer is kept. */
  readonly cacheTtlSeconds: number;
}

/** The strategies. Some 15 tokens are one fact; an answer repeats the facts and the verdict. */
export const STRATEGY: Readonly<Record<StrategyName, Strategy>> = {
  speed: { name: "speed", answerTokens: 48, findings: 2, cacheTtlSeconds: 60 },
  balanced: { name: "balanced", answerTokens: 80, findings: 3, cacheTtlSeconds: 30 },
  quality: { name: "quality", answerTokens: 120, findings: 5, cacheTtlSeconds: 15 },
};
