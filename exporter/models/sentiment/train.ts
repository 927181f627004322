import { rm, readFile, rename, writeFile } from "node:fs/promises";
import { Command } from "commander";
import { renderCard } from "./card.ts";
import {
  differingFigures,
  FIGURES_FILE,
  formatFigures,
  missedTargets,
  readFigures,
  type Figures,
} from "./figures.ts";
import { buildModel } from "./build-model.ts";
import { RECIPE } from "./training/recipe.ts";

const MODEL_FILE = new URL("./sentiment.gguf", import.meta.url);
const CARD_FILE = new URL("./MODEL_CARD.md", import.meta.url);

const program = new Command("npm run train --")
  .description(
    "Trains the embedded sentiment model from the texts in this repository, measures it through the " +
      "engine, and writes sentiment.gguf, figures.json and MODEL_CARD.md. Takes about a minute.",
  )
  .option("--check", "write nothing; verify that the committed files are what training gives")
  .option("--seed <number>", "start from other random numbers", parseSeed, RECIPE.seed)
  .addHelpText(
    "after",
    "\nExit codes: 0 done, 1 a target is missed or a file differs, 2 could not run.",
  );

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0) {
    program.error(`--seed must be a whole number from 0, got "${text}"`, { exitCode: 2 });
  }
  return seed;
}

/** Writes a file whole or not at all, so that Ctrl-C leaves the old one. */
async function replace(file: URL, content: string | Buffer): Promise<void> {
  const fresh = new URL(`${file.href}.new`);
  try {
    await writeFile(fresh, content);
    await rename(fresh, file);
  } finally {
    await rm(fresh, { force: true });
  }
}

async function run(): Promise<number> {
  const { check, seed } = program.parse().opts<{ check?: boolean; seed: number }>();
  const { bytes, figures } = await buildModel({ ...RECIPE, seed }, (text) => console.log(text));
  const missed = missedTargets(figures);
  for (const target of missed) console.error(`Target missed: ${target}.`);
  if (missed.length > 0) return 1;
  return check ? compare(bytes, figures) : write(bytes, figures);
}

async function write(bytes: Buffer, figures: Figures): Promise<number> {
  const text = formatFigures(figures);
  await replace(MODEL_FILE, bytes);
  await replace(FIGURES_FILE, text);
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

try {
  process.exitCode = await run();
} catch (error) {
  console.error(
    `Training could not run: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = 2;
}
