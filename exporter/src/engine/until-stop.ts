/**
 * Lets a text pass that comes in pieces, until one of some strings comes. Neither that string passes nor its
 * beginning: what could become one is held back until it is known.
 */
export class UntilStop {
  readonly #stops: readonly string[];
  #held = "";
  #found = false;

  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  /** Whether one of the strings came; nothing passes any more then. */
  get found(): boolean {
    return this.#found;
  }

  /** @returns what may pass now */
  add(piece: string): string {
    if (this.#found) return "";
    const text = this.#held + piece;
    // The one that is whole first, as if the text came letter by letter.
    const [first] = this.#stops
      .map((stop) => ({ from: text.indexOf(stop), length: stop.length }))
      .filter(({ from }) => from !== -1)
      .sort((a, b) => a.from + a.length - (b.from + b.length) || a.from - b.from);
    this.#found = first !== undefined;
    const passes = first ? first.from : text.length - this.#beginningAtEndOf(text);
    this.#held = text.slice(passes);
    return text.slice(0, passes);
  }

  /** The text is over. @returns what was held back and became no stop */
  end(): string {
    return this.#found ? "" : this.#held;
  }

  /** Length of the longest end of the text that a stop begins with. */
  #beginningAtEndOf(text: string): number {
    let longest = 0;
    for (const stop of this.#stops) {
      for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
        if (text.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
