import type { ScoreRequest, Scores } from "../../scorer.ts";
import type { Encode } from "../encoder.ts";
import type { Frame } from "../plan.ts";
import type { Context } from "./context.ts";
import { fillSlices, type Wanted } from "./slices.ts";
import { planTree, type Tree } from "./tree.ts";

/** What scoring by the C API needs. */
export interface TreeModel {
  readonly encode: Encode;
  readonly frame: Frame;
  readonly context: Context;
  /** The longest message with what stands around it, in tokens. */
  readonly maxTokens: number;
  /** Score of a message without words, in nats. */
  readonly empty: number;
}

/**
 * Scores a batch: plans one message after the other, evaluates whenever a slice is full, and gives
 * each message its scores back.
 *
 * @param throwIfCancelled - asked before each call of the engine
 */
export async function scoreTrees(
  { encode, frame, context, maxTokens, empty }: TreeModel,
  requests: readonly ScoreRequest[],
  throwIfCancelled: () => void,
): Promise<Scores[]> {
  // Of a message that was evaluated only its scores are kept, and what makes an answer of them.
  const planned: { readonly assemble: Tree["assemble"]; readonly scores: Float64Array }[] = [];
  function* plan(): Generator<Wanted> {
    for (const { words, ask } of requests) {
      const tree = planTree(encode(words), ask, frame, maxTokens, empty);
      const scores = new Float64Array(tree.reads.length + tree.branches.length);
      planned.push({ assemble: tree.assemble, scores });
      yield { tree, scores };
    }
  }
  context.prepare();
  for (const slice of fillSlices(plan(), context.rows, context.limits)) {
    const read = await context.run(slice.length, throwIfCancelled);
    slice.into.forEach((scores, i) => (scores[slice.at[i]!] = read[i]!));
  }
  return planned.map(({ assemble, scores }) => assemble(scores));
}
