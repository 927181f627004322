import type { Speed } from "../generator.ts";

/** How fast a simulated machine generates, and how much it does side by side. */
export interface LatencyProfile extends Speed {
  readonly sequences: number;
  /** Texts that it generates side by side at full speed; with more of them each is slower. Without it, all. */
  readonly together?: number;
}

/**
 * Machines to simulate. Those of Apple: a 7B model at Q4_0, "pp512" and "tg128" as collected in
 * https://github.com/ggml-org/llama.cpp/discussions/4167. The last one: the default model
 * (135M, Q4_1) with one thread on two shared x86-64 cores, measured with this program. `server` is no machine: its times are chosen so that a few dozen
 * users break its limits, for trying out load tests.
 */
export const LATENCY_PROFILES = {
  instant: { prefillTokensPerSecond: 1e6, decodeTokensPerSecond: 1e6, sequences: 4 },
  "m1-8gb": { prefillTokensPerSecond: 118, decodeTokensPerSecond: 14, sequences: 1 },
  "m2-16gb": { prefillTokensPerSecond: 180, decodeTokensPerSecond: 22, sequences: 2 },
  "m1-max-32gb": { prefillTokensPerSecond: 530, decodeTokensPerSecond: 61, sequences: 4 },
  "m4-pro-48gb": { prefillTokensPerSecond: 440, decodeTokensPerSecond: 51, sequences: 4 },
  server: { prefillTokensPerSecond: 4_000, decodeTokensPerSecond: 50, sequences: 33, together: 4 },
  "linux-2-cores": { prefillTokensPerSecond: 258, decodeTokensPerSecond: 147, sequences: 1 },
} as const satisfies Readonly<Record<string, LatencyProfile>>;

/** The name of a machine to simulate. */
export type LatencyProfileName = keyof typeof LATENCY_PROFILES;

/** What a simulated generator does wrong in the share of its calls that is faulty. */
export const GENERATOR_FAULTS = [
  /** fails */
  "error",
  /** takes ten times as long */
  "delay",
  /** never ends by itself */
  "hang",
  /** writes something that is no text, whatever its grammar */
  "garbage",
] as const;

/** See {@link GENERATOR_FAULTS}. */
export type GeneratorFault = (typeof GENERATOR_FAULTS)[number];

/** Which fault, and in what share of the calls. */
export interface FaultPlan {
  readonly fault: GeneratorFault;
  /** 0 to 1. */
  readonly share: number;
}

/**
 * Whether call number `n`, counted from 1, is a faulty one. The faults are spread evenly: of n
 * calls, share x n are faulty.
 */
export function isFaulty(n: number, share: number): boolean {
  return Math.floor(n * share) > Math.floor((n - 1) * share);
}

/** How the simulated scorer spreads a message's score over its words. */
export const WEIGHTINGS = [
  /** a few words matter and most do not */
  "natural",
  /** the first word decides alone: no entropy */
  "one-word",
  /** all words weigh the same: no sparsity, and the most entropy there is */
  "even",
] as const;

/** See {@link WEIGHTINGS}. */
export type Weighting = (typeof WEIGHTINGS)[number];

/** The weight of each word, in nats; the same words have the same weights. */
export function weightsOf(words: readonly string[], weighting: Weighting): number[] {
  switch (weighting) {
    case "natural":
      return words.map(natural);
    case "one-word":
      return words.map((_, i) => (i === 0 ? 1 : 0));
    case "even":
      return words.map(() => 1);
  }
}

/** From -3 to 3, cubed so that a few words of a message matter and most do not. */
function natural(word: string): number {
  let hash = 2166136261; // FNV-1a
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 16777619);
  const uniform = ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 31 - 1;
  return 3 * uniform ** 3;
}
