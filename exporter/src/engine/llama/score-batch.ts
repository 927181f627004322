import type { ScoreRequest, Scores } from "../scorer.ts";
import { wordBounds, wordsAt } from "../../sentiment/words.ts";
import type { BatchControl } from "./batch-control.ts";
import type { LoadedModel } from "./load.ts";
import { planMessage, type Sequence } from "./plan.ts";

/** Scores a batch in one turn: plans every message, and evaluates all their sequences together. */
export function scoreBatch(
  model: LoadedModel,
  requests: readonly ScoreRequest[],
  { throwIfCancelled, turn }: BatchControl,
): Promise<Scores[]> {
  const { encode, encoding, empty, short, long } = model;
  const bounds = requests.map(({ text }) => wordBounds(text));
  const plans = requests.map(({ text, ask }, i) =>
    planMessage(encode(wordsAt(text, bounds[i]!)), ask, encoding.frame, long.maxTokens, empty),
  );
  const sequences = plans.flatMap((plan) => plan.sequences);
  const fits = (sequence: Sequence) => sequence.tokens.length <= short.maxTokens;

  return turn(async () => {
    const shortRead = await short.scope.run(sequences.filter(fits), throwIfCancelled);
    const longRead = await long.scope.run(
      sequences.filter((sequence) => !fits(sequence)),
      throwIfCancelled,
    );
    const read = sequences.map((sequence) => (fits(sequence) ? shortRead : longRead).shift()!);
    return plans.map((plan, i) => ({
      ...plan.assemble(read.splice(0, plan.sequences.length)),
      bounds: requests[i]!.ask === "whole" ? [] : bounds[i]!,
    }));
  });
}
