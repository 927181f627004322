import { getLlama, LlamaLogLevel, type LlamaContextSequence, type Token } from "node-llama-cpp";
import { createEncode } from "../../src/engine/llama/encoder.ts";
import { instructionsFor, readEncoding } from "../../src/engine/llama/encoding.ts";
import { planMessage } from "../../src/engine/llama/plan.ts";
import type { Ask } from "../../src/engine/scorer.ts";
import { normaliseWord } from "../../src/sentiment/normalise.ts";
import { splitWords } from "../../src/sentiment/words.ts";
import type { Batches, Contender } from "./workload.ts";

/** Opens a model in this thread, with the exporter's own encoder and what it remembers. */
async function openModel(file: string, vocabOnly: boolean) {
  const llama = await getLlama({
    build: "never",
    gpu: false,
    skipDownload: true,
    logLevel: LlamaLogLevel.error,
  });
  const model = await llama.loadModel({ modelPath: file, vocabOnly });
  const metadata = model.fileInfo.metadata as unknown as Record<string, unknown>;
  const instructions = instructionsFor(metadata, {});
  const encoding = readEncoding(model, instructions);
  return {
    ...{ model, instructions, encoding },
    encode: createEncode(encoding, (text) => model.tokenize(text)),
    async [Symbol.asyncDispose]() {
      await model.dispose();
      await llama.dispose();
    },
  };
}

/** Turns messages into the tokens that the exporter would evaluate. */
export type Tokens = Awaited<ReturnType<typeof openTokens>>;

/** Opens the tokenizer of a model file. */
export async function openTokens(file: string) {
  const opened = await openModel(file, true);
  const { frame, positive, negative, unknown } = opened.encoding;
  return {
    /** Tokens before and after every message, of the labels, and of what the model cannot read. */
    ...{ ...frame, positive, negative, unknown },
    /** The tokens of each word that the model can read. */
    wordsOf: (message: string) =>
      opened.encode(splitWords(message)).filter((ids) => ids.length > 0),
    /** The message as the model's tokenizer gets it. */
    textOf: (message: string) =>
      opened.instructions.normalise
        ? splitWords(message).flatMap(normaliseWord).join(" ")
        : message,
    [Symbol.asyncDispose]: opened[Symbol.asyncDispose],
  };
}

/**
 * Evaluations by node-llama-cpp alone: no worker threads, no queue, no attribution. The model is loaded
 * once, with `contexts` contexts of 32 sequences in this thread.
 */
export async function createBareLoop(file: string, contexts: number) {
  const opened = await openModel(file, false);
  const { model, encoding, encode } = opened;
  const lanes: LlamaContextSequence[] = [];
  for (let i = 0; i < contexts; i++) {
    const shape = { sequences: 32, contextSize: 256, batchSize: 512, threads: 1 };
    const context = await model.createContext(shape);
    for (let k = 0; k < shape.sequences; k++) lanes.push(context.getSequence());
  }
  const labels = [encoding.positive as Token, encoding.negative as Token];
  const wanted = { generateNext: { logits: { filter: { tokens: labels } } } };
  return {
    /** Tokenizes messages, given as words, and evaluates them on all contexts at once. */
    async run(messages: Batches, ask: Ask): Promise<void> {
      const sequences = messages.flatMap(
        (words) => planMessage(encode(words), ask, encoding.frame, 256, 0).sequences,
      );
      let next = 0;
      await Promise.all(
        lanes.map(async (lane) => {
          while (next < sequences.length) {
            const { tokens, reads } = sequences[next++]!;
            const input: (Token | [Token, typeof wanted])[] = [...(tokens as Token[])];
            for (const index of reads) input[index] = [tokens[index] as Token, wanted];
            await lane.controlledEvaluate(input);
            await lane.clearHistory();
          }
        }),
      );
    },
    [Symbol.asyncDispose]: opened[Symbol.asyncDispose],
  };
}

/** node-llama-cpp's own calls, one for each score that is read. */
export async function nodeLlamaCpp(file: string, contexts: number): Promise<Contender> {
  const loop = await createBareLoop(file, contexts);
  return {
    id: "nodeLlamaCpp",
    name: "node-llama-cpp, bare loop",
    includes: "words, tokens, its own threads; no attribution, no queue",
    share: 1 / 2,
    async run(batches) {
      await loop.run(batches.flat().map(splitWords), "prefixes");
      return undefined;
    },
    [Symbol.asyncDispose]: loop[Symbol.asyncDispose],
  };
}
