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
