import type { GenerateOptions, Generation } from "../../generator.ts";

/** One text that is being generated in the model's process. */
export class Call {
  readonly promise: Promise<Generation>;
  readonly #onText: GenerateOptions["onText"];
  readonly #started = performance.now();
  #firstAt: number | undefined;
  #text = "";
  #pieces = 0;
  #resolve!: (generation: Generation) => void;
  #reject!: (error: Error) => void;

  constructor(onText: GenerateOptions["onText"]) {
    this.#onText = onText;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Takes in the next piece of the text. */
  add(piece: string): void {
    this.#firstAt ??= performance.now();
    this.#text += piece;
    this.#pieces += 1;
    this.#onText?.(piece);
  }

  finish(generation: Generation): void {
    this.#resolve(generation);
  }

  fail(error: Error): void {
    this.#reject(error);
  }

  /** Ends it with what has come so far. The prompt's tokens are not known then, and count as 0. */
  cutOff(): void {
    const now = performance.now();
    const firstAt = this.#firstAt ?? now;
    this.#resolve({
      text: this.#text,
      end: "aborted",
      tokens: { input: 0, evaluated: 0, output: this.#pieces },
      prefillSeconds: (firstAt - this.#started) / 1000,
      decodeSeconds: (now - firstAt) / 1000,
    });
  }
}
