import { HeadroomError } from "../../../errors.ts";
import type { Native, Pointer } from "./binding.ts";

const TOKEN_BYTES = 4;
/** UTF-8 takes at most three bytes for a UTF-16 unit. */
const BYTES_A_UNIT = 3;
/** Almost every word; a longer one gets more room when it comes. */
const FIRST_UNITS = 256;

interface Room {
  readonly units: number;
  readonly text: { readonly address: bigint; readonly bytes: Uint8Array };
  readonly tokens: { readonly address: bigint; readonly values: Int32Array };
}

/** A text and its tokens in native memory, which is used again for the next one. */
export class NativeText {
  readonly #native: Native;
  readonly #vocabulary: Pointer;
  readonly #encoder = new TextEncoder();
  #room: Room;

  constructor(native: Native, vocabulary: Pointer) {
    this.#native = native;
    this.#vocabulary = vocabulary;
    this.#room = this.#take(FIRST_UNITS);
  }

  /** The text's tokens; what looks like a special token is text like any other. */
  tokenize(text: string): readonly number[] {
    if (text === "") return [];
    if (text.length > this.#room.units) {
      this.free();
      this.#room = this.#take(text.length);
    }
    const { text: written, tokens } = this.#room;
    const bytes = this.#encoder.encodeInto(text, written.bytes).written;
    const most = tokens.values.length;
    const count = this.#native.c.llama_tokenize(
      this.#vocabulary,
      ...([written.address, bytes, tokens.address, most, false, false] as const),
    );
    if (count < 0) throw new HeadroomError("model_failed", "llama.cpp could not tokenize a word.");
    return Array.from(tokens.values.subarray(0, count));
  }

  free(): void {
    this.#native.free(this.#room.text.address);
    this.#native.free(this.#room.tokens.address);
  }

  #take(units: number): Room {
    const bytes = BYTES_A_UNIT * units;
    const text = this.#native.allocate(bytes);
    // A token a byte at most, and one for a space that the vocabulary puts before the text.
    const tokens = this.#native.allocate(TOKEN_BYTES * (bytes + 1));
    return {
      units,
      text: { address: text.address, bytes: new Uint8Array(text.bytes) },
      tokens: { address: tokens.address, values: new Int32Array(tokens.bytes) },
    };
  }
}
