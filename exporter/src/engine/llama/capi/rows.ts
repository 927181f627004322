import type { Native } from "./binding.ts";
import type { StructValue } from "./structs.ts";

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

const INT_BYTES = 4;
const POINTER_BYTES = 8;

/** Rows in native memory, where `llama_batch` can point to them. */
export class NativeRows {
  readonly rows: Rows;
  readonly #native: Native;
  readonly #addresses: readonly bigint[];
  /** For each row, where the list of its sequences is. */
  readonly #lists: BigUint64Array;
  /** For each sequence, its place in 0, 1, 2, ...: every list of neighbours begins there. */
  readonly #listAt: readonly bigint[];

  constructor(native: Native, length: number, sequences: number) {
    const columns = [
      ...[INT_BYTES, INT_BYTES, INT_BYTES, POINTER_BYTES, 1].map((bytes) => bytes * length),
      INT_BYTES * sequences,
    ].map((bytes) => native.allocate(bytes));
    const [token, position, counts, lists, wanted, numbers] = columns.map(({ bytes }) => bytes);
    this.#native = native;
    this.#addresses = columns.map(({ address }) => address);
    this.rows = {
      token: new Int32Array(token!),
      position: new Int32Array(position!),
      sequence: new Int32Array(length),
      sequences: new Int32Array(counts!),
      wanted: new Int8Array(wanted!),
    };
    this.#lists = new BigUint64Array(lists!);
    const all = Array.from({ length: sequences }, (_, i) => i);
    new Int32Array(numbers!).set(all);
    this.#listAt = all.map((i) => this.#addresses[5]! + BigInt(INT_BYTES * i));
  }

  /** Some of the rows as a `llama_batch`. */
  batch(from: number, to: number): StructValue {
    const { sequence } = this.rows;
    for (let i = from; i < to; i++) this.#lists[i] = this.#listAt[sequence[i]!]!;
    const [token, position, counts, lists, wanted] = this.#addresses;
    const at = (column: bigint, bytes: number) => column + BigInt(from * bytes);
    return {
      n_tokens: to - from,
      token: at(token!, INT_BYTES),
      embd: null,
      pos: at(position!, INT_BYTES),
      n_seq_id: at(counts!, INT_BYTES),
      seq_id: at(lists!, POINTER_BYTES),
      logits: at(wanted!, 1),
    };
  }

  free(): void {
    for (const address of this.#addresses) this.#native.free(address);
  }
}
