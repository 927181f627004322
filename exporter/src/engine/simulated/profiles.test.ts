import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isBroken } from "@headroom/alerts/headroom";
import { limit } from "@headroom/alerts/limits";
import { entropy, sparsity } from "../../sentiment/attribution.ts";
import { isFaulty, weightsOf, type Weighting } from "./profiles.ts";

const count = (calls: number, share: number): number =>
  Array.from({ length: calls }, (_, index) => isFaulty(index + 1, share)).filter(Boolean).length;

describe("the faulty calls", () => {
  it("are none at a share of 0, and all at 1", () => {
    expect(count(50, 0)).toBe(0);
    expect(count(50, 1)).toBe(50);
  });

  it("are every fifth at a share of 0.2", () => {
    const faulty = [...Array(15).keys()].map((n) => n + 1).filter((n) => isFaulty(n, 0.2));
    expect(faulty).toEqual([5, 10, 15]);
  });

  it("are the share of any number of calls, cut to a whole number", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.double({ min: 0, max: 1, noNaN: true }), (calls, share) => {
        expect(count(calls, share)).toBe(Math.floor(calls * share));
      }),
    );
  });
});

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
