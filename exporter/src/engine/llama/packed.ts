import { HeadroomError } from "../../errors.ts";
import type { Ask, ScoreRequest, Scores } from "../scorer.ts";

/**
 * Requests on their way to another thread. One flat text is copied many times quicker than a string a
 * word; words hold no white space, so it keeps them and the messages apart.
 */
export interface PackedRequests {
  readonly text: string;
  readonly asks: readonly Ask[];
}

const BETWEEN_WORDS = " ";
const BETWEEN_MESSAGES = "\n";

/** Packs the requests of a batch. */
export function packRequests(requests: readonly ScoreRequest[]): PackedRequests {
  return {
    text: requests.map(({ words }) => words.join(BETWEEN_WORDS)).join(BETWEEN_MESSAGES),
    asks: requests.map(({ ask }) => ask),
  };
}

/** Unpacks what {@link packRequests} packed. */
export function unpackRequests({ text, asks }: PackedRequests): ScoreRequest[] {
  const messages = text.split(BETWEEN_MESSAGES);
  return asks.map((ask, i) => ({
    words: messages[i] === "" ? [] : messages[i]!.split(BETWEEN_WORDS),
    ask,
  }));
}

/** Figures of a message besides those of its words. */
const FIGURES = 4;

/** Packs the scores of a batch into one array, whose buffer can be handed over without a copy. */
export function packScores(batch: readonly Scores[]): Float64Array<ArrayBuffer> {
  const length = batch.reduce((sum, { each }) => sum + FIGURES + each.length, 0);
  const packed = new Float64Array(length);
  let at = 0;
  for (const { whole, empty, known, truncated, each } of batch) {
    packed[at++] = whole;
    packed[at++] = empty;
    packed[at++] = known;
    packed[at++] = Number(truncated);
    packed.set(each, at);
    at += each.length;
  }
  return packed;
}

/**
 * Unpacks what {@link packScores} packed, for the requests that were asked.
 *
 * @throws HeadroomError `model_failed` when it holds scores for other words, because one was empty or
 * held white space, or when one is no number, which nobody may see or keep as an answer
 */
export function unpackScores(packed: Float64Array, requests: readonly ScoreRequest[]): Scores[] {
  const wordsOf = ({ words, ask }: ScoreRequest) => (ask === "whole" ? 0 : words.length);
  const expected = requests.reduce((sum, request) => sum + FIGURES + wordsOf(request), 0);
  if (packed.length !== expected) {
    throw new HeadroomError("model_failed", "The model's scores are not those of the words.");
  }
  if (!packed.every(Number.isFinite)) {
    throw new HeadroomError("model_failed", "The model gave a score that is no number.");
  }
  let at = 0;
  return requests.map((request) => {
    const [whole, empty, known, truncated] = packed.subarray(at, at + FIGURES);
    const from = at + FIGURES;
    at = from + wordsOf(request);
    return {
      whole: whole!,
      empty: empty!,
      known: known!,
      truncated: truncated === 1,
      each: Array.from(packed.subarray(from, at)),
    };
  });
}
