import type { Finding } from "./findings/finding.ts";
import { saysAll } from "./grounding/says-all.ts";
import type { Language } from "../language.ts";
import { sentenceEnds, withoutRepetition, wholeSentences } from "./sentences.ts";

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

  /** Whether nothing more is needed; whatever comes then is dropped. */
  get isEnough(): boolean {
    return this.#isEnough;
  }

  /**
   * Takes the next piece. Where the pieces are cut makes no difference to what is kept.
   *
   * @returns the beginning of the piece that is kept; empty when it is dropped
   */
  add(piece: string): string {
    if (this.#isEnough) return "";
    const before = this.#text.length;
    const text = this.#text + piece;
    // What follows a mark decides whether it ends a sentence, so the last one waits.
    const enough = sentenceEnds(text).find(
      (end) => end >= before && end < text.length && this.#isAll(text.slice(0, end)),
    );
    this.#isEnough = enough !== undefined;
    this.#text = text.slice(0, enough);
    return this.#text.slice(before);
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

  #isAll(text: string): boolean {
    return withoutRepetition(text) !== text || saysAll(text, this.#told, this.#language);
  }
}
