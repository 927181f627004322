import type { Finding } from "./findings/finding.ts";
import { saysAll } from "./grounding/says-all.ts";
import type { Language } from "./language.ts";
import { endsSentence, withoutRepetition, wholeSentences } from "./sentences.ts";

/**
 * A summary as the model writes it. A small model that has said everything goes on and makes things
 * up, so the transcript tells when it is enough: every finding was said, or a sentence came twice.
 */
export class Transcript {
  readonly #told: readonly Finding[];
  readonly #language: Language;
  #text: string;
  #isEnough = false;

  /** @param begin - what the answer begins with, which is not the model's */
  constructor(begin: string, told: readonly Finding[], language: Language) {
    this.#text = begin;
    this.#told = told;
    this.#language = language;
  }

  /** Takes the next piece; false, and the piece is dropped, when it is enough. */
  add(piece: string): boolean {
    this.#isEnough ||= endsSentence(this.#text, piece) && this.#saidEnough();
    if (!this.#isEnough) this.#text += piece;
    return !this.#isEnough;
  }

  /**
   * What was said.
   *
   * @param isDone - whether the model ended it by itself; otherwise only whole sentences count
   */
  summary(isDone: boolean): string {
    const text = isDone || this.#isEnough ? this.#text : wholeSentences(this.#text);
    return withoutRepetition(text).trim();
  }

  #saidEnough(): boolean {
    return (
      withoutRepetition(this.#text) !== this.#text ||
      saysAll(this.#text, this.#told, this.#language)
    );
  }
}
