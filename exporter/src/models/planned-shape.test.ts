import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { generatedModel } from "../engine/llama/testing/generated-model.ts";
import { CHAT_MODELS } from "./catalogue.ts";
import { findChatModel } from "./find-model.ts";
import { DEFAULT_SHAPE, plannedShape } from "./planned-shape.ts";

let modelsFolder: string;
beforeEach(async () => {
  modelsFolder = await mkdtemp(join(tmpdir(), "headroom-shape-"));
});
afterEach(() => rm(modelsFolder, { recursive: true }));

const shapeOf = async (wanted: string) =>
  plannedShape(await findChatModel({ wanted, modelsFolder }));

describe("plannedShape", () => {
  it("reads the header of a model that is here", async () => {
    const path = join(modelsFolder, "own.gguf");
    await writeFile(path, generatedModel());
    expect(await shapeOf(path)).toMatchObject({
      fileBytes: generatedModel().length,
      layers: 1,
      trainContextSize: 256,
    });
  });

  it("takes the catalogue's size of one that is not", async () => {
    const larger = CHAT_MODELS.find(({ id }) => id === "qwen3-4b");
    expect(await shapeOf("qwen3-4b")).toEqual({ fileBytes: larger?.sizeBytes });
    expect(await shapeOf("auto")).toEqual(DEFAULT_SHAPE);
  });

  it.each(["none", "hf:user/repository/file.gguf"])(
    "takes the default's size for %s, of which nothing is known",
    async (wanted) => {
      expect(DEFAULT_SHAPE.fileBytes).toBeGreaterThan(0);
      expect(await shapeOf(wanted)).toEqual(DEFAULT_SHAPE);
    },
  );
});
