import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";
import { formsOf, readDataset } from "./dataset.ts";
import { createTokenizer, SPECIAL_TOKENS, UNKNOWN } from "./vocabulary.ts";

const MODEL = fileURLToPath(new URL("../sentiment.gguf", import.meta.url));

describe("the tokenizer", () => {
  it("gives the ids that llama.cpp gives, for every form in the texts", async () => {
    expect(readFileSync(MODEL).subarray(0, 4).toString()).toBe("GGUF");
    const llama = await getLlama({
      build: "never",
      gpu: false,
      skipDownload: true,
      logLevel: LlamaLogLevel.error,
    });
    const model = await llama.loadModel({ modelPath: MODEL });
    const tokens = model.fileInfo.metadata.tokenizer.ggml.tokens as string[];
    const tokenize = createTokenizer(
      tokens.map((token, id) => (id < SPECIAL_TOKENS.length ? token : token.slice(1))),
    );
    const forms = new Set(readDataset().flatMap(({ text }) => formsOf(text)));
    const differing: string[] = [];
    for (const form of forms) {
      const theirs = model.tokenize(form).filter((id) => id !== UNKNOWN);
      if (theirs.join() !== tokenize([form]).join()) differing.push(form);
    }
    expect(forms.size).toBeGreaterThan(10_000);
    expect(differing).toEqual([]);
    await llama.dispose();
  });

  it("never reads a label out of a text", () => {
    const tokenize = createTokenizer([...SPECIAL_TOKENS, "pos"]);
    expect(tokenize(formsOf("[POS] [pos] [UNK] [CLS]"))).toEqual([7, 7]);
  });
});
