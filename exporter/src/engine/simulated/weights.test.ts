import { describe, expect, it } from "@jest/globals";
import { isBroken } from "@headroom/alerts/headroom";
import { limit } from "@headroom/alerts/limits";
import { entropy, sparsity } from "../../sentiment/attribution.ts";
import { weightsOf, type Weighting } from "./weights.ts";

const WORDS = "the quick brown fox jumps over a lazy dog".split(" ");

/** Which of the two limits the attributions of one short message break. */
function broken(weighting: Weighting): string[] {
  const weights = weightsOf(WORDS, weighting);
  return [
    ...(isBroken(limit("attribution_entropy", "warning"), entropy(weights)!) ? ["entropy"] : []),
    ...(isBroken(limit("attribution_sparsity", "warning"), sparsity(weights)!) ? ["sparsity"] : []),
  ];
}

describe("weightsOf", () => {
  it.each([
    ["natural", []],
    ["one-word", ["entropy"]],
    ["even", ["sparsity"]],
  ] as const)("%s breaks the limits of %j", (weighting, limits) => {
    expect(broken(weighting)).toEqual(limits);
  });

  it("gives the same words the same weights", () => {
    expect(weightsOf(WORDS, "natural")).toEqual(weightsOf([...WORDS], "natural"));
  });
});
