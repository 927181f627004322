import { isBroken } from "@headroom/alerts/headroom";
import { limit } from "@headroom/alerts/limits";
import { mean } from "simple-statistics";
import type { Ask, Scorer, Scores } from "../../src/engine/scorer.ts";
import { attributions, entropy, sparsity } from "../../src/sentiment/attribution.ts";
import { wordsAt } from "../../src/sentiment/words.ts";
import type { Example } from "./training/dataset.ts";
import { createRandom, shuffle } from "./training/random.ts";

/** The methods whose attributions are measured. */
export const METHODS = ["prefix", "occlusion"] as const;

/** A method of attribution. */
export type Method = (typeof METHODS)[number];

/** What the engine says about one message. */
export interface ScoredMessage {
  readonly words: readonly string[];
  readonly score: number;
  /** How many of the words the model knows. */
  readonly known: number;
  /** One attribution a word, in nats. */
  readonly attributions: Readonly<Record<Method, readonly number[]>>;
}

/** As many messages as the API takes at once. */
const BATCH = 128;

/** Asks the engine about texts, in batches. */
async function ask(scorer: Scorer, texts: readonly string[], ask: Ask): Promise<Scores[]> {
  const scored: Scores[] = [];
  for (let from = 0; from < texts.length; from += BATCH) {
    const batch = texts.slice(from, from + BATCH).map((text) => ({ text, ask }));
    scored.push(...(await scorer.score(batch)));
  }
  return scored;
}

/** Scores every text and attributes its score by both methods, through the engine. */
export async function scoreMessages(
  scorer: Scorer,
  examples: readonly Example[],
): Promise<ScoredMessage[]> {
  const texts = examples.map(({ text }) => text);
  const prefix = await ask(scorer, texts, "prefixes");
  const occlusion = await ask(scorer, texts, "without");
  return texts.map((text, i) => ({
    words: wordsAt(text, prefix[i]!.bounds),
    score: prefix[i]!.whole,
    known: prefix[i]!.known,
    attributions: {
      prefix: attributions("prefix", prefix[i]!),
      occlusion: attributions("occlusion", occlusion[i]!),
    },
  }));
}

/** Scores of texts, in nats, through the engine. */
export async function scoreTexts(scorer: Scorer, texts: readonly string[]): Promise<number[]> {
  return (await ask(scorer, texts, "whole")).map(({ whole }) => whole);
}

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
interface Spread {
  readonly mean: number;
  readonly p5: number;
  readonly p95: number;
}

/** Measures the attributions of one method against their limits. */
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
  return { mean: mean(values), p5: at(0.05), p95: at(0.95) };
}

/** Share of the messages in which both methods name the same word as the weightiest. */
export function topWordAgreement(messages: readonly ScoredMessage[]): number {
  const withWords = messages.filter(({ known }) => known > 0);
  const same = withWords.filter(
    ({ attributions }) => topWord(attributions.prefix) === topWord(attributions.occlusion),
  );
  return same.length / withWords.length;
}

function topWord(values: readonly number[]): number {
  return values.reduce(
    (best, value, i) => (Math.abs(value) > Math.abs(values[best]!) ? i : best),
    0,
  );
}

/** Share of |score|, over all messages, that goes when a fifth of the words is taken away. */
export interface DeletionTest {
  /** The words with the greatest |attribution| by each method. */
  readonly top: Readonly<Record<Method, number>>;
  /** Words chosen at random: the mean of several draws. */
  readonly random: number;
}

/** Share of the words that is taken away. */
const DELETED_SHARE = 0.2;
const RANDOM_DRAWS = 5;
const SEED = 7;

/**
 * Takes words away and asks the engine again: if attributions are right, the words that they name
 * carry the score. What is lost counts in the direction of the score, so that a score that changes
 * its sign has lost more than all.
 */
export async function deletionTest(
  scorer: Scorer,
  messages: readonly ScoredMessage[],
): Promise<DeletionTest> {
  const total = messages.reduce((sum, { score }) => sum + Math.abs(score), 0);
  const lost = async (choose: (message: ScoredMessage) => readonly number[]) => {
    const left = messages.map((message) => {
      const { words } = message;
      const deleted = new Set(choose(message).slice(0, Math.ceil(DELETED_SHARE * words.length)));
      // The engine splits them at the spaces again.
      return words.filter((_, i) => !deleted.has(i)).join(" ");
    });
    const scores = await scoreTexts(scorer, left);
    const kept = messages.reduce((sum, { score }, i) => sum + Math.sign(score) * scores[i]!, 0);
    return (total - kept) / total;
  };
  const top = {} as Record<Method, number>;
  for (const method of METHODS) {
    top[method] = await lost(({ attributions }) => byMagnitude(attributions[method]));
  }
  const random = createRandom(SEED);
  let sum = 0;
  for (let draw = 0; draw < RANDOM_DRAWS; draw++) {
    sum += await lost(({ words }) => shuffle([...words.keys()], random));
  }
  return { top, random: sum / RANDOM_DRAWS };
}

function byMagnitude(values: readonly number[]): number[] {
  return [...values.keys()].sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!) || a - b);
}
