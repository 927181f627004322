import type { Attribution, SentimentResult } from "../sentiment/result.ts";

/** A word with its attribution, in nats. */
export interface AttributedWord {
  readonly text: string;
  readonly value: number;
}

/** An attribution as it is answered; without words when the request leaves them out. */
export type AnsweredAttribution = Omit<Attribution, "bounds" | "values"> & {
  readonly words?: readonly AttributedWord[];
};

/** One result of `POST /v1/sentiment`, as it is answered. */
export type SentimentAnswer = Omit<SentimentResult, "attribution"> & {
  readonly attribution?: AnsweredAttribution;
};

/**
 * A result as it is answered. An object a word is made only here, for JSON, and never kept.
 *
 * @param message - whose result it is; an attribution lists its words, unless it is undefined
 */
export function answerOf(result: SentimentResult, message: string | undefined): SentimentAnswer {
  const { attribution, ...rest } = result;
  if (!attribution) return rest;
  const { method, bounds, values, ...quality } = attribution;
  if (message === undefined) return { ...rest, attribution: { method, ...quality } };
  const words = values.map((value, i) => ({
    text: message.slice(bounds[2 * i], bounds[2 * i + 1]),
    value,
  }));
  return { ...rest, attribution: { method, words, ...quality } };
}
