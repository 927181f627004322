import { describe, expect, it } from "@jest/globals";
import { prepare, readDataset } from "./dataset.ts";
import { encodeModel } from "./model-file.ts";
import { type Recipe, RECIPE, trainModel } from "./train-model.ts";

const EXAMPLES = prepare(readDataset().filter((_, i) => i % 60 === 0));
const LEXICON = [
  { word: "good", valence: 2 },
  { word: "bad", valence: -2 },
];
const SMALL: Recipe = {
  ...RECIPE,
  vocabulary: { size: 64, fromLexicon: 4, leastTexts: 2 },
  shape: { ...RECIPE.shape, width: 8, inner: 8 },
  fit: { ...RECIPE.fit, epochs: 3 },
};

function train(recipe: Recipe): { bytes: Buffer; losses: number[] } {
  const losses: number[] = [];
  const model = trainModel(EXAMPLES, LEXICON, recipe, {
    stage: () => {},
    epoch: ({ loss }) => losses.push(loss),
  });
  return { bytes: encodeModel(model.shape, model.tokens, model.weights), losses };
}

describe("training", () => {
  it("gives the same bytes for the same seed, and others for another", () => {
    const first = train(SMALL);
    expect(train(SMALL).bytes.equals(first.bytes)).toBe(true);
    expect(train({ ...SMALL, seed: 2 }).bytes.equals(first.bytes)).toBe(false);
  });

  it("learns", () => {
    const { losses } = train(SMALL);
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
  });
});
