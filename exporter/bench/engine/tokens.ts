import { getLlama, LlamaLogLevel } from "node-llama-cpp";
import { createEncode } from "../../src/engine/llama/encoder.ts";
import { instructionsFor, readEncoding } from "../../src/engine/llama/encoding.ts";
import { normaliseWord } from "../../src/sentiment/normalise.ts";
import { splitWords } from "../../src/sentiment/words.ts";

/** Turns messages into the tokens that the exporter would evaluate. */
export interface Tokens {
  /** Tokens before and after every message. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** The two labels. */
  readonly positive: number;
  readonly negative: number;
  /** The token of everything that the model cannot read, where it is left out. */
  readonly unknown: number | undefined;
  /** The tokens of each word that the model can read. */
  wordsOf(message: string): (readonly number[])[];
  /** The message as the model's tokenizer gets it. */
  textOf(message: string): string;
  dispose(): Promise<void>;
}

/** Opens the tokenizer of a model file, with the exporter's own encoder and what it remembers. */
export async function openTokens(file: string): Promise<Tokens> {
  const llama = await getLlama({
    build: "never",
    gpu: false,
    skipDownload: true,
    logLevel: LlamaLogLevel.error,
  });
  const model = await llama.loadModel({ modelPath: file, vocabOnly: true });
  const metadata = model.fileInfo.metadata as unknown as Record<string, unknown>;
  const instructions = instructionsFor(metadata, {});
  const encoding = readEncoding(model, instructions);
  const encode = createEncode(encoding, (text) => model.tokenize(text));
  const { frame, positive, negative, unknown } = encoding;
  return {
    ...{ ...frame, positive, negative, unknown },
    wordsOf: (message) => encode(splitWords(message)).filter((tokens) => tokens.length > 0),
    textOf: (message) =>
      instructions.normalise ? splitWords(message).flatMap(normaliseWord).join(" ") : message,
    async dispose() {
      await model.dispose();
      await llama.dispose();
    },
  };
}
