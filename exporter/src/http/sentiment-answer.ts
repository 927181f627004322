import type { Attribution, SentimentResult } from "../sentiment/result.ts";

/** A word with its attribution, in nats. */
export interface AttributedWord {
  readonly text: string;
  readonly value: number;
}

/** An attribution as it is answered; without words when the request leaves them out. */
export type AnsweredAttribution = Omit<Attribution, "words" | "values"> & {
  readonly words?: readonly AttributedWord[];
};

/** One result of `POST /v1/sentiment`, as it is answered. */
export type SentimentAnswer = Omit<SentimentResult, "attribution"> & {
  readonly attribution?: AnsweredAttribution;
};

/**
 * A result as it is answered. An object a word is made only here, for JSON, and never kept.
 *
 * @param withWords - whether an attribution lists its words
 */
export function answerOf(result: SentimentResult, withWords: boolean): SentimentAnswer {
  const { attribution, ...rest } = result;
  if (!attribution) return rest;
  const { method, words, values, ...quality } = attribution;
  const listed = withWords && { words: words.map((text, i) => ({ text, value: values[i]! })) };
  return { ...rest, attribution: { method, ...listed, ...quality } };
}
