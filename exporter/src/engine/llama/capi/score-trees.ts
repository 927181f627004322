import type { ScoreRequest, Scores } from "../../scorer.ts";
import { wordBounds, wordsAt } from "../../../sentiment/words.ts";
import type { BatchControl } from "../batch-control.ts";
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
 * Scores a batch: splits and plans one message after the other, evaluates whenever a slice is full, and
 * gives each message its scores back.
 */
export async function scoreTrees(
  { encode, frame, context, maxTokens, empty }: TreeModel,
  requests: readonly ScoreRequest[],
  { throwIfCancelled, turn }: BatchControl,
): Promise<Scores[]> {
  // Of a message that was evaluated only its scores are kept, and what makes an answer of them.
  const planned: { bounds: number[]; assemble: Tree["assemble"]; scores: Float64Array }[] = [];
  function* plan(): Generator<Wanted> {
    for (const { text, ask } of requests) {
      const bounds = wordBounds(text);
      const tree = planTree(encode(wordsAt(text, bounds)), ask, frame, maxTokens, empty);
      const scores = new Float64Array(tree.reads.length + tree.branches.length);
      planned.push({
        bounds: ask === "whole" ? [] : bounds,
        ...{ assemble: tree.assemble, scores },
      });
      yield { tree, scores };
    }
  }
  const slices = fillSlices(plan(), context.rows, context.limits);
  // Rows are filled and evaluated in one turn, because all batches fill the same.
  const evaluateNext = async (): Promise<boolean> => {
    context.prepare();
    throwIfCancelled();
    const { value: slice, done } = slices.next();
    if (done) return false;
    const read = await context.run(slice.length, throwIfCancelled);
    slice.into.forEach((scores, i) => (scores[slice.at[i]!] = read[i]!));
    return true;
  };
  while (await turn(evaluateNext));
  return planned.map(({ bounds, assemble, scores }) => ({ ...assemble(scores), bounds }));
}
