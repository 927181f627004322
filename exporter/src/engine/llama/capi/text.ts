import { HeadroomError } from "../../../errors.ts";
import type { Native, Pointer } from "./binding.ts";

const TOKEN_BYTES = 4;
/** UTF-8 takes at most three bytes for a UTF-16 unit. */
const BYTES_A_UNIT = 3;
/** Almost every word; a longer one gets more room when it comes. */
const FIRST_UNITS = 256;

/** A text and its tokens in native memory, which is used again for the next one. */
export class NativeText {
  readonly #native: Native;
  readonly #vocabulary: Pointer;
  readonly #encoder = new TextEncoder();
  #room: ReturnType<typeof roomFor>;

  constructor(native: Native, vocabulary: Pointer) {
    this.#native = native;
    this.#vocabulary = vocabulary;
    this.#room = roomFor(native, FIRST_UNITS);
  }

  /** The text's tokens; what looks like a special token is text like any other. */
  tokenize(text: string): readonly number[] {
    if (text === "") return [];
    if (text.length > this.#room.units) {
      this.free();
      this.#room = roomFor(this.#native, text.length);
    }
    const { textAt, bytes, tokensAt, tokens } = this.#room;
    const { written } = this.#encoder.encodeInto(text, bytes);
    const { c } = this.#native;
    const most = tokens.length;
    const count = c.llama_tokenize(this.#vocabulary, textAt, written, tokensAt, most, false, false);
    if (count < 0) throw new HeadroomError("model_failed", "llama.cpp could not tokenize a word.");
    return Array.from(tokens.subarray(0, count));
  }

  free(): void {
    this.#native.free(this.#room.textAt);
    this.#native.free(this.#room.tokensAt);
  }
}

function roomFor(native: Native, units: number) {
  const text = native.allocate(BYTES_A_UNIT * units);
  // A token a byte at most, and one for a space that the vocabulary puts before the text.
  const tokens = native.allocate(TOKEN_BYTES * (BYTES_A_UNIT * units + 1));
  return {
    units,
    textAt: text.address,
    bytes: new Uint8Array(text.bytes),
    tokensAt: tokens.address,
    tokens: new Int32Array(tokens.bytes),
  };
}
