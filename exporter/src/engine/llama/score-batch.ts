import type { ScoreRequest, Scores } from "../scorer.ts";
import type { LoadedModel } from "./load.ts";
import { planMessage, type Sequence } from "./plan.ts";

/**
 * Scores a batch: plans every message, evaluates all their sequences together, and gives each
 * message its scores back.
 *
 * @param throwIfCancelled - asked before each evaluation
 */
export async function scoreBatch(
  model: LoadedModel,
  requests: readonly ScoreRequest[],
  throwIfCancelled: () => void,
): Promise<Scores[]> {
  const { encode, encoding, empty, short, long } = model;
  const plans = requests.map(({ words, ask }) =>
    planMessage(encode(words), ask, encoding.frame, long.maxTokens, empty),
  );
  const sequences = plans.flatMap((plan) => plan.sequences);
  const fits = (sequence: Sequence) => sequence.tokens.length <= short.maxTokens;

  const shortRead = await short.scope.run(sequences.filter(fits), throwIfCancelled);
  const longRead = await long.scope.run(
    sequences.filter((sequence) => !fits(sequence)),
    throwIfCancelled,
  );
  const read = sequences.map((sequence) => (fits(sequence) ? shortRead : longRead).shift()!);
  return plans.map((plan) => plan.assemble(read.splice(0, plan.sequences.length)));
}
