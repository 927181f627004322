import type { Example } from "../../engine/generator.ts";

/** How a model is told what to do in one language; equal for every request in it. */
export interface Instructions {
  readonly system: string;
  readonly examples: readonly Example[];
  /** Headings of the parts of a question. */
  readonly question: string;
  readonly facts: string;
  readonly verdict: string;
}
