import { readFileSync } from "node:fs";
import type { Method } from "./attribution.ts";
import type { EngineFigures, TrainingFigures } from "./evaluate.ts";
import type { SetName } from "./training/dataset.ts";
import type { Recipe } from "./training/train-model.ts";

/** Everything that was measured about the committed model, on the test part of the data. */
export interface Figures extends EngineFigures, TrainingFigures {
  readonly file: { readonly sha256: string; readonly bytes: number; readonly weights: number };
  readonly recipe: Recipe;
  /** How many texts each part has. */
  readonly texts: Readonly<Record<"training" | "test", Readonly<Record<SetName, number>>>>;
}

/** What the model must reach; below it, training fails. */
const TARGETS = {
  bytes: 1e6,
  accuracy: { movie: 0.73, product: 0.73, tweets: 0.86 },
  entropyWithinLimits: 0.9,
  sparsityWithinLimit: 0.97,
  /** Times the loss by random words. */
  deletionOverRandom: 3,
  greatestScoreDifference: 1e-2,
} as const;

/** The file beside the model that holds its figures. */
export const FIGURES_FILE = new URL("./figures.json", import.meta.url);

/** Reads the committed figures. */
export function readFigures(): Figures {
  return JSON.parse(readFileSync(FIGURES_FILE, "utf8")) as Figures;
}

/** How far a figure may be off when it is measured again: a share of it, or of one if it is less. */
const TOLERANCE = 0.005;

/**
 * Names the figures that differ from the committed ones. The engine joins messages as they come and
 * another processor rounds otherwise, so a message or two may cross a limit; nothing more.
 */
export function differingFigures(measured: unknown, committed: unknown, path = ""): string[] {
  if (typeof measured === "number" && typeof committed === "number") {
    return Math.abs(measured - committed) <= TOLERANCE * Math.max(1, Math.abs(committed))
      ? []
      : [`${path} is ${measured}, figures.json says ${committed}`];
  }
  if (typeof measured !== "object" || measured === null) {
    return measured === committed ? [] : [`${path} is ${String(measured)}, figures.json differs`];
  }
  const other = (committed ?? {}) as Record<string, unknown>;
  return Object.entries(measured).flatMap(([key, value]) =>
    differingFigures(value, other[key], path === "" ? key : `${path}.${key}`),
  );
}

/** The text of the figures file; shares and means have three significant digits. */
export function formatFigures(figures: Figures): string {
  const short = (_: string, value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(3)) : value;
  return `${JSON.stringify(figures, short, 2)}\n`;
}

/** Names the targets that the figures miss; empty when all are reached. */
export function missedTargets(figures: Figures): string[] {
  const missed: string[] = [];
  const check = (name: string, ok: boolean, value: number, target: number) => {
    if (!ok) missed.push(`${name} is ${value.toPrecision(3)}, the target is ${target}`);
  };
  const least = (name: string, value: number, target: number) =>
    check(name, value >= target, value, target);
  const most = (name: string, value: number, target: number) =>
    check(name, value <= target, value, target);
  most("the file's size in bytes", figures.file.bytes, TARGETS.bytes);
  most("the score difference", figures.greatestScoreDifference, TARGETS.greatestScoreDifference);
  for (const [set, target] of Object.entries(TARGETS.accuracy)) {
    least(`accuracy on ${set}`, figures.accuracy[set as SetName].value, target);
  }
  for (const [method, quality] of Object.entries(figures.attribution)) {
    least(`entropy by ${method}`, quality.entropyWithinLimits, TARGETS.entropyWithinLimits);
    least(`sparsity by ${method}`, quality.sparsityWithinLimit, TARGETS.sparsityWithinLimit);
    const ratio = figures.deletion.top[method as Method] / figures.deletion.random;
    least(`the deletion test by ${method}`, ratio, TARGETS.deletionOverRandom);
  }
  return missed;
}
