import { limit } from "@headroom/alerts/limits";
import { isBroken } from "@headroom/alerts/headroom";
import { entropy, sparsity } from "../../../src/sentiment/attribution.ts";
import type { Method, ScoredMessage } from "./message.ts";

/** How one method's attributions are spread over the words of the messages. */
export interface AttributionQuality {
  /** Messages whose entropy and sparsity are defined; the shares are of these. */
  readonly defined: number;
  /** Share of all messages for which they are not: no known word, or one word alone. */
  readonly undefinedShare: number;
  readonly entropy: Spread;
  /** Share of the messages whose entropy is within its limits. */
  readonly entropyWithinLimits: number;
  readonly sparsity: Spread;
  /** Share of the messages whose sparsity is within its limit. */
  readonly sparsityWithinLimit: number;
}

/** Mean, 5th and 95th percentile. */
export interface Spread {
  readonly mean: number;
  readonly p5: number;
  readonly p95: number;
}

/** Judges the attributions of one method. */
export function attributionQuality(
  messages: readonly ScoredMessage[],
  method: Method,
): AttributionQuality {
  const entropies: number[] = [];
  const sparsities: number[] = [];
  for (const { attributions, known } of messages) {
    const found = known === 0 ? undefined : entropy(attributions[method]);
    if (found === undefined) continue;
    entropies.push(found);
    sparsities.push(sparsity(attributions[method])!);
  }
  const allowedEntropy = limit("attribution_entropy", "warning");
  const allowedSparsity = limit("attribution_sparsity", "warning");
  const within = (values: readonly number[], bound: typeof allowedEntropy) =>
    values.filter((value) => !isBroken(bound, value)).length / values.length;
  return {
    defined: entropies.length,
    undefinedShare: 1 - entropies.length / messages.length,
    entropy: spread(entropies),
    entropyWithinLimits: within(entropies, allowedEntropy),
    sparsity: spread(sparsities),
    sparsityWithinLimit: within(sparsities, allowedSparsity),
  };
}

function spread(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { mean, p5: at(0.05), p95: at(0.95) };
}

/** Share of the messages in which both methods name the same word as the weightiest. */
export function topWordAgreement(messages: readonly ScoredMessage[]): number {
  const judged = messages.filter(({ known }) => known > 0);
  const same = judged.filter(
    ({ attributions }) => topWord(attributions.prefix) === topWord(attributions.occlusion),
  );
  return same.length / judged.length;
}

function topWord(values: readonly number[]): number {
  return values.reduce(
    (best, value, i) => (Math.abs(value) > Math.abs(values[best]!) ? i : best),
    0,
  );
}
