import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createLlamaScorer } from "../../src/engine/llama/scorer.ts";
import { compareWithTraining, evaluateFile } from "./evaluation/evaluate.ts";
import type { Figures } from "./figures.ts";
import { withTemporaryFolder } from "./temporary-folder.ts";
import { readDataset, SET_NAMES, type SetName } from "./training/dataset.ts";
import { prepare, type Example } from "./training/examples.ts";
import { readLexicon } from "./training/lexicon.ts";
import { encodeModel } from "./training/model-file.ts";
import { layoutOf } from "./training/parameters.ts";
import type { Recipe } from "./training/recipe.ts";
import { trainModel } from "./training/train-model.ts";

/** Trains on everything but the test part, and measures the file on the test part. */
export async function buildModel(
  recipe: Recipe,
  say: (text: string) => void,
): Promise<{ bytes: Buffer; figures: Figures }> {
  const examples = prepare(readDataset());
  const training = examples.filter(({ part }) => part !== "test");
  const test = examples.filter(({ part }) => part === "test");
  const lexicon = readLexicon();
  const started = performance.now();
  const stamp = (text: string) =>
    say(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${text}`);

  const model = trainModel(training, lexicon, recipe, {
    stage: stamp,
    epoch: ({ epoch, epochs, loss }) =>
      stamp(`epoch ${epoch} of ${epochs}: cross-entropy ${loss.toFixed(4)}`),
  });
  const bytes = encodeModel(model.shape, model.tokens, model.weights);

  stamp(`measuring ${test.length} texts through the engine`);
  const measured = await withTemporaryFolder(async (folder) => {
    const file = join(folder, "sentiment.gguf");
    await writeFile(file, bytes);
    const scorer = await createLlamaScorer({ file, instructions: {}, threads: 1 });
    try {
      const { figures, messages } = await evaluateFile(scorer, test);
      return { ...figures, ...(await compareWithTraining(scorer, model, lexicon, test, messages)) };
    } finally {
      await scorer.close();
    }
  });
  stamp("done");
  return {
    bytes,
    figures: {
      file: {
        sha256: createHash("sha256").update(bytes).digest("hex"),
        bytes: bytes.length,
        // The label direction lies in two rows of the embedding.
        weights: layoutOf(model.shape).size - model.shape.width,
      },
      recipe,
      texts: { training: countBySet(training), test: countBySet(test) },
      ...measured,
    },
  };
}

function countBySet(examples: readonly Example[]): Record<SetName, number> {
  const counts = SET_NAMES.map((name) => [name, examples.filter(({ set }) => set === name).length]);
  return Object.fromEntries(counts) as Record<SetName, number>;
}
