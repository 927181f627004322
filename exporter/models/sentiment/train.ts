import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import replace from "write-file-atomic";
import { createLlamaScorer } from "../../src/engine/llama/scorer.ts";
import { renderCard } from "./card.ts";
import { compareWithTraining, evaluateFile } from "./evaluate.ts";
import {
  differingFigures,
  FIGURES_FILE,
  formatFigures,
  missedTargets,
  readFigures,
  type Figures,
} from "./figures.ts";
import {
  prepare,
  readDataset,
  readLexicon,
  SET_NAMES,
  type Example,
  type SetName,
} from "./training/dataset.ts";
import { encodeModel } from "./training/model-file.ts";
import { layoutOf } from "./training/network.ts";
import { RECIPE, trainModel, type Recipe } from "./training/train-model.ts";

const MODEL_FILE = fileURLToPath(new URL("./sentiment.gguf", import.meta.url));
const CARD_FILE = fileURLToPath(new URL("./MODEL_CARD.md", import.meta.url));

/** 128 + the number of SIGINT, as shells have it. */
const INTERRUPTED = 130;

const program = new Command("npm run train --")
  .description(
    "Trains the embedded sentiment model from the texts in this repository, measures it through the " +
      "engine, and writes sentiment.gguf, figures.json and MODEL_CARD.md. Takes about a minute.",
  )
  .option("--check", "write nothing; verify that the committed files are what training gives")
  .option("--seed <number>", "start from other random numbers", parseSeed, RECIPE.seed)
  .addHelpText(
    "after",
    "\nExit codes: 0 done, 1 a target is missed or a file differs, 2 could not run.\n" +
      "\nExamples:\n  npm run train -- --check\n  npm run train -- --seed 7",
  );

try {
  process.exitCode = await run();
} catch (error) {
  console.error(
    `Training could not run: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = 2;
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0) {
    program.error(`--seed must be a whole number from 0, got "${text}"`, { exitCode: 2 });
  }
  return seed;
}

async function run(): Promise<number> {
  const { check, seed } = program.parse().opts<{ check?: boolean; seed: number }>();
  const { bytes, figures } = await buildModel({ ...RECIPE, seed });
  const missed = missedTargets(figures);
  for (const target of missed) console.error(`Target missed: ${target}.`);
  if (missed.length > 0) return 1;
  return check ? compare(bytes, figures) : write(bytes, figures);
}

/** Trains on everything but the test part, and measures the file on the test part. */
async function buildModel(recipe: Recipe): Promise<{ bytes: Buffer; figures: Figures }> {
  const examples = prepare(readDataset());
  const training = examples.filter(({ part }) => part !== "test");
  const test = examples.filter(({ part }) => part === "test");
  const lexicon = readLexicon();
  const started = performance.now();
  const say = (text: string) =>
    console.log(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${text}`);

  const model = trainModel(training, lexicon, recipe, {
    stage: say,
    epoch: ({ epoch, epochs, loss }) =>
      say(`epoch ${epoch} of ${epochs}: cross-entropy ${loss.toFixed(4)}`),
  });
  const bytes = encodeModel(model.shape, model.tokens, model.weights);

  say(`measuring ${test.length} texts through the engine`);
  const file = join(temporaryFolder(), "sentiment.gguf");
  await writeFile(file, bytes);
  const scorer = await createLlamaScorer({ file, instructions: {}, threads: 1 });
  try {
    const { figures, messages } = await evaluateFile(scorer, test);
    const compared = await compareWithTraining(scorer, model, lexicon, test, messages);
    say("done");
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
        ...figures,
        ...compared,
      },
    };
  } finally {
    await scorer.close();
  }
}

/** A folder that is gone when this process ends, also by Ctrl-C. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "headroom-train-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => process.exit(INTERRUPTED));
  return folder;
}

function countBySet(examples: readonly Example[]): Record<SetName, number> {
  const counts = SET_NAMES.map((name) => [name, examples.filter(({ set }) => set === name).length]);
  return Object.fromEntries(counts) as Record<SetName, number>;
}

/** Each file whole or not at all, so that Ctrl-C leaves the old one. */
async function write(bytes: Buffer, figures: Figures): Promise<number> {
  const text = formatFigures(figures);
  await replace(MODEL_FILE, bytes);
  await replace(fileURLToPath(FIGURES_FILE), text);
  await replace(CARD_FILE, renderCard(JSON.parse(text) as Figures));
  console.log("Wrote sentiment.gguf, figures.json and MODEL_CARD.md.");
  return 0;
}

async function compare(bytes: Buffer, figures: Figures): Promise<number> {
  const committed = readFigures();
  const differing = differingFigures(figures, committed);
  if (!(await readFile(MODEL_FILE)).equals(bytes)) differing.unshift("sentiment.gguf differs");
  if ((await readFile(CARD_FILE, "utf8")) !== renderCard(committed)) {
    differing.push("MODEL_CARD.md is not what figures.json renders to");
  }
  for (const difference of differing) console.error(`Not what training gives: ${difference}.`);
  if (differing.length > 0) {
    console.error('Run "npm run train" and commit what it writes.');
    return 1;
  }
  console.log("The committed files are what training gives.");
  return 0;
}
