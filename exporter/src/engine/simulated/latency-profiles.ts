import type { Speed } from "../generator.ts";

/** How fast a simulated machine generates, and how much it does side by side. */
export interface LatencyProfile extends Speed {
  readonly sequences: number;
}

/**
 * Machines to simulate. Those of Apple: a 7B model at Q4_0, "pp512" and "tg128" as collected in
 * https://github.com/ggml-org/llama.cpp/discussions/4167. The last one: the default model
 * (135M, Q4_1) with one thread on two shared x86-64 cores, measured with this program.
 */
export const LATENCY_PROFILES = {
  instant: { prefillTokensPerSecond: 1e6, decodeTokensPerSecond: 1e6, sequences: 4 },
  "m1-8gb": { prefillTokensPerSecond: 118, decodeTokensPerSecond: 14, sequences: 1 },
  "m2-16gb": { prefillTokensPerSecond: 180, decodeTokensPerSecond: 22, sequences: 2 },
  "m1-max-32gb": { prefillTokensPerSecond: 530, decodeTokensPerSecond: 61, sequences: 4 },
  "m4-pro-48gb": { prefillTokensPerSecond: 440, decodeTokensPerSecond: 51, sequences: 4 },
  "linux-2-cores": { prefillTokensPerSecond: 258, decodeTokensPerSecond: 147, sequences: 1 },
} as const satisfies Readonly<Record<string, LatencyProfile>>;

/** The name of a machine to simulate. */
export type LatencyProfileName = keyof typeof LATENCY_PROFILES;
