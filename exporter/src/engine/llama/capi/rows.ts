/**
 * Tokens to evaluate, a column an array, in the order of `llama_batch`. A token that several sequences
 * have in common stands once and belongs to a range of them.
 */
export interface Rows {
  readonly token: Int32Array;
  /** Where the token stands in its sequences. */
  readonly position: Int32Array;
  /** The first of the sequences that have it. */
  readonly sequence: Int32Array;
  /** How many have it, the first and those after it. */
  readonly sequences: Int32Array;
  /** 1 where the scores after the token are wanted. */
  readonly wanted: Int8Array;
}

/** Rows in JavaScript's own memory. */
export function createRows(length: number): Rows {
  return {
    token: new Int32Array(length),
    position: new Int32Array(length),
    sequence: new Int32Array(length),
    sequences: new Int32Array(length),
    wanted: new Int8Array(length),
  };
}
