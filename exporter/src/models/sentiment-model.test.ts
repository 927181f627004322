import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { loadConfig } from "../config.ts";
import { findSentimentModel } from "./sentiment-model.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-sentiment-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("findSentimentModel", () => {
  it("finds nothing wrong with the embedded one", async () => {
    const { model } = loadConfig({});
    const { size } = await stat(model);
    expect(await findSentimentModel(model)).toEqual({ path: model, sizeBytes: size });
  });

  it("says what is wrong with a file that is no model, and with none", async () => {
    const path = join(folder, "model.gguf");
    expect(await findSentimentModel(path)).toEqual({ path, problem: "is not a file" });
    expect(await findSentimentModel(folder)).toEqual({ path: folder, problem: "is not a file" });
    await writeFile(path, "this is a text and no model");
    expect(await findSentimentModel(path)).toEqual({
      path,
      sizeBytes: 27,
      problem: "is not a GGUF file",
    });
  });
});
