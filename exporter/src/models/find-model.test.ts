import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatedModel } from "../engine/llama/testing/generated-model.ts";
import { findChatModel } from "./find-model.ts";

let modelsFolder: string;
const file = (name: string) => join(modelsFolder, name);
const find = (wanted: string, languages?: readonly ("en" | "ja")[]) =>
  findChatModel({ wanted, modelsFolder, languages });

beforeAll(async () => {
  modelsFolder = await mkdtemp(join(tmpdir(), "headroom-find-"));
  await writeFile(file("own.gguf"), generatedModel());
  await writeFile(file("notes.txt"), "a text that is longer than a header would be");
  await writeFile(file("user_repo_Q4_K_M.gguf"), generatedModel());
  await writeFile(file("Llama-3-ELYZA-JP-8B-q4_k_m.gguf"), generatedModel());
  await writeFile(file("Qwen3-4B-Q4_K_M.gguf"), generatedModel());
});
afterAll(() => rm(modelsFolder, { recursive: true }));

describe("looking for the chat model", () => {
  it("finds a file by its path and takes it to speak English", async () => {
    expect(await find(file("own.gguf"))).toEqual({
      state: "found",
      path: file("own.gguf"),
      id: "own",
      languages: ["en"],
    });
  });

  it("finds a model of the catalogue and one with an address in the models folder", async () => {
    expect(await find("elyza-8b")).toMatchObject({
      state: "found",
      path: file("Llama-3-ELYZA-JP-8B-q4_k_m.gguf"),
      id: "elyza-8b",
      languages: ["ja", "en"],
      entry: { id: "elyza-8b" },
    });
    expect(await find("hf:user/repo:Q4_K_M")).toMatchObject({
      state: "found",
      path: file("user_repo_Q4_K_M.gguf"),
    });
  });

  it("lets the user say which languages the model speaks", async () => {
    expect(await find(file("own.gguf"), ["ja"])).toMatchObject({ languages: ["ja"] });
    expect(await find("elyza-8b", ["en"])).toMatchObject({ languages: ["en"] });
  });

  it("says that there is none by choice", async () => {
    expect(await find("none")).toMatchObject({ state: "missing", why: "by choice" });
  });

  it("names the default model when it is not here, and how to have it", async () => {
    const model = await find("auto");
    expect(model).toMatchObject({
      state: "missing",
      why: "not here",
      fetchable: { kind: "entry", entry: { id: "smollm2-135m" } },
    });
    const path = file("SmolLM2-135M-Instruct.Q4_1.gguf");
    expect(model).toHaveProperty(
      "text",
      "The chat model smollm2-135m is not on this machine. " +
        `Fetch it with "npm run model -- get smollm2-135m", or put the file at ${path}.`,
    );
  });

  it("names a path where nothing is, with the ids that might have been meant", async () => {
    const model = await find(file("absent.gguf"));
    expect(model).toMatchObject({ state: "missing", why: "not here" });
    expect(model).not.toHaveProperty("fetchable");
    expect(model).toHaveProperty("text", expect.stringMatching(/absent\.gguf.*smollm2-135m/));
  });

  it("does not take a folder, or a file that is not a model", async () => {
    expect(await find(modelsFolder)).toMatchObject({ state: "missing", why: "not here" });
    expect(await find(file("notes.txt"))).toMatchObject({
      state: "missing",
      why: "unusable",
      text: expect.stringContaining("notes.txt is not a GGUF file"),
    });
  });

  it("does not take a file of the catalogue that has another size", async () => {
    expect(await find("qwen3-4b")).toMatchObject({
      state: "missing",
      why: "unusable",
      text: expect.stringMatching(/has \d+ bytes instead of 2497280256/),
      fetchable: { kind: "entry" },
    });
  });
});
