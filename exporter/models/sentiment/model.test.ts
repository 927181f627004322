import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createLlamaScorer } from "../../src/engine/llama/scorer.ts";
import type { Scorer } from "../../src/engine/scorer.ts";
import { renderCard } from "./card.ts";
import { evaluateFile } from "./evaluate.ts";
import { differingFigures, formatFigures, missedTargets, readFigures } from "./figures.ts";
import { prepare, readDataset } from "./training/dataset.ts";
import { RECIPE } from "./training/train-model.ts";

const file = fileURLToPath(new URL("./sentiment.gguf", import.meta.url));
const figures = readFigures();

describe("the committed figures", () => {
  it("are those of the committed file and recipe", () => {
    const bytes = readFileSync(file);
    expect(figures.file.bytes).toBe(bytes.length);
    expect(figures.file.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(figures.recipe).toEqual(RECIPE);
    expect(formatFigures(figures)).toBe(
      readFileSync(new URL("./figures.json", import.meta.url), "utf8"),
    );
  });

  it("reach every target", () => {
    expect(missedTargets(figures)).toEqual([]);
  });

  it("are what the model card says", () => {
    const card = readFileSync(new URL("./MODEL_CARD.md", import.meta.url), "utf8");
    expect(card).toBe(renderCard(figures));
  });
});

describe("the committed model in the engine", () => {
  let scorer: Scorer;
  beforeAll(async () => {
    scorer = await createLlamaScorer({ file, instructions: {}, threads: 1 });
  });
  afterAll(() => scorer.close());

  it("gives the figures again, on every text of the test part", async () => {
    const test = prepare(readDataset()).filter(({ part }) => part === "test");
    const measured = (await evaluateFile(scorer, test)).figures;
    expect(differingFigures(measured, figures)).toEqual([]);
  });

  it("tells plain praise from plain blame, and says nothing about nothing", async () => {
    const [good, bad, nothing] = await scorer.score(
      [
        "What a wonderful, charming film!",
        "Awful battery, it broke. Very disappointed :(",
        "zzzq --",
      ].map((text) => ({ text, ask: "whole" as const })),
    );
    expect(good!.whole).toBeGreaterThan(1);
    expect(bad!.whole).toBeLessThan(-1);
    expect(nothing).toMatchObject({ known: 0, whole: nothing!.empty });
    expect(Math.abs(nothing!.empty)).toBeLessThan(0.2);
  });
});
