import { describe, expect, it } from "@jest/globals";
import { tmpdir } from "node:os";
import { resolveModelFile } from "node-llama-cpp";
import { CHAT_MODELS, DEFAULT_CHAT_MODEL } from "./catalogue.ts";
import { entryChoice } from "./model-choice.ts";

describe("the catalogue", () => {
  it("gives each model an id of its own that is neither a path nor a word of the setting", () => {
    const ids = CHAT_MODELS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^(?!auto$|none$)[a-z0-9.-]+$/);
  });

  it("gives each model a file of its own", () => {
    const names = CHAT_MODELS.map((entry) => entryChoice(entry).address.fileName);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[\w.-]+\.gguf$/);
  });

  it.each(CHAT_MODELS)("names $id as node-llama-cpp does", async ({ source }) => {
    // The library names the file that it would look for in its own way: hf_, the user, and so on.
    const user = source.slice("hf:".length).split("/")[0]!;
    await expect(
      resolveModelFile(source, { directory: tmpdir(), download: false, cli: false }),
    ).rejects.toThrow(new RegExp(`No model file found at .*hf_${user}_`));
  });

  it.each(CHAT_MODELS.filter(({ sha256 }) => sha256))(
    "pins the revision of $id, whose hash it gives",
    ({ source, sha256, sizeBytes }) => {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(sizeBytes).toBeGreaterThan(1e6);
      expect(source).toMatch(/\.gguf#[0-9a-f]{40}$/);
    },
  );

  it("wants a machine with more memory than the model takes", () => {
    for (const { sizeBytes = 0, leastMemoryBytes } of CHAT_MODELS) {
      expect(leastMemoryBytes).toBeGreaterThan(1.5 * sizeBytes);
    }
  });

  it("has a model for each language, and a default with a hash for small machines", () => {
    expect(CHAT_MODELS[0]).toBe(DEFAULT_CHAT_MODEL);
    expect(DEFAULT_CHAT_MODEL.sha256).toBeDefined();
    expect(new Set(CHAT_MODELS.flatMap(({ languages }) => languages))).toEqual(
      new Set(["en", "ja"]),
    );
  });
});
