import { SET_NAMES, type SetName } from "../training/dataset.ts";
import type { Example } from "../training/examples.ts";
import { share, type Share } from "./wilson.ts";

/** A share for each data set. */
export type BySet = Readonly<Record<SetName, Share>>;

/** Accuracy by data set; a score above zero says "positive". */
export function accuracy(examples: readonly Example[], scores: readonly number[]): BySet {
  const bySet = SET_NAMES.map((set): [SetName, Share] => {
    let right = 0;
    let count = 0;
    examples.forEach((example, i) => {
      if (example.set !== set) return;
      count++;
      if (scores[i]! > 0 === (example.label === 1)) right++;
    });
    return [set, share(right, count)];
  });
  return Object.fromEntries(bySet) as Record<SetName, Share>;
}
