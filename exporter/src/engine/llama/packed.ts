import { HeadroomError } from "../../errors.ts";
import type { Scores } from "../scorer.ts";

/**
 * The scores of a batch on their way to another process. Two flat arrays are copied many times quicker
 * than an object a message.
 */
export interface PackedScores {
  /** Of each message its four figures, then one a word. */
  readonly figures: Float64Array;
  /** Of each message how many words follow, then where each of them begins and ends. */
  readonly bounds: Uint16Array;
}

/** Figures of a message besides those of its words. */
const FIGURES = 4;

/** Packs the scores of a batch. Bounds are below 2^16, because no message is longer. */
export function packScores(batch: readonly Scores[]): PackedScores {
  const words = batch.reduce((sum, { each }) => sum + each.length, 0);
  const figures = new Float64Array(FIGURES * batch.length + words);
  const bounds = new Uint16Array(batch.length + 2 * words);
  let figure = 0;
  let bound = 0;
  for (const scores of batch) {
    figures[figure++] = scores.whole;
    figures[figure++] = scores.empty;
    figures[figure++] = scores.known;
    figures[figure++] = Number(scores.truncated);
    figures.set(scores.each, figure);
    figure += scores.each.length;
    bounds[bound++] = scores.each.length;
    bounds.set(scores.bounds, bound);
    bound += scores.bounds.length;
  }
  return { figures, bounds };
}

/**
 * Unpacks what {@link packScores} packed.
 *
 * @throws HeadroomError `model_failed` when a score is not a number, which a damaged model gives
 */
export function unpackScores({ figures, bounds }: PackedScores): Scores[] {
  const batch: Scores[] = [];
  let figure = 0;
  for (let bound = 0; bound < bounds.length;) {
    const words = bounds[bound++]!;
    const from = figure + FIGURES;
    batch.push({
      whole: figures[figure]!,
      empty: figures[figure + 1]!,
      known: figures[figure + 2]!,
      truncated: figures[figure + 3] === 1,
      each: Array.from(figures.subarray(from, from + words)),
      bounds: Array.from(bounds.subarray(bound, bound + 2 * words)),
    });
    figure = from + words;
    bound += 2 * words;
  }
  if (!figures.every(Number.isFinite)) {
    throw new HeadroomError(
      "model_failed",
      "The model gave scores that are not numbers: its file is damaged, or not for this task. " +
        "Fetch it again, or choose another with HEADROOM_MODEL.",
    );
  }
  return batch;
}
