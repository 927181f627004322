import { getLlama, LlamaLogLevel, type LlamaContextSequence, type Token } from "node-llama-cpp";
import { createEncode } from "../src/engine/llama/encoder.ts";
import { instructionsFor, readEncoding } from "../src/engine/llama/encoding.ts";
import { planMessage } from "../src/engine/llama/plan.ts";
import type { Ask } from "../src/engine/scorer.ts";

/** Evaluations by node-llama-cpp alone: no worker threads, no queue, no attribution. */
export interface BareLoop {
  /** Tokenizes messages, given as words, and evaluates them on all contexts at once. */
  run(messages: readonly (readonly string[])[], ask: Ask): Promise<void>;
  close(): Promise<void>;
}

/** Loads the model once, with `contexts` contexts of 32 sequences in this thread. */
export async function createBareLoop(file: string, contexts: number): Promise<BareLoop> {
  const llama = await getLlama({
    build: "never",
    gpu: false,
    skipDownload: true,
    logLevel: LlamaLogLevel.error,
  });
  const model = await llama.loadModel({ modelPath: file });
  const metadata = model.fileInfo.metadata as unknown as Record<string, unknown>;
  const encoding = readEncoding(model, instructionsFor(metadata, {}));
  const encode = createEncode(encoding, (text) => model.tokenize(text));
  const lanes: LlamaContextSequence[] = [];
  for (let i = 0; i < contexts; i++) {
    const shape = { sequences: 32, contextSize: 256, batchSize: 512, threads: 1 };
    const context = await model.createContext(shape);
    for (let k = 0; k < shape.sequences; k++) lanes.push(context.getSequence());
  }
  const labels = [encoding.positive as Token, encoding.negative as Token];
  const wanted = { generateNext: { logits: { filter: { tokens: labels } } } };

  return {
    async run(messages, ask) {
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
    async close() {
      await model.dispose();
      await llama.dispose();
    },
  };
}
