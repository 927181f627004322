import type { StrategyName } from "./answer.ts";

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
