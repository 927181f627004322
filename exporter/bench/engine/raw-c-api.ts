import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { ToRawWorker } from "./raw-c-api-worker.ts";
import type { Contender } from "./workload.ts";

/**
 * The raw loop in worker threads, each with its part of the messages.
 *
 * @throws Error when the model cannot be loaded
 */
export async function rawCApi(file: string, workers: number): Promise<Contender> {
  const threads = await Promise.all(
    Array.from({ length: workers }, async () => {
      const url = new URL("./raw-c-api-worker.ts", import.meta.url);
      const thread = new Worker(url, { workerData: file });
      await once(thread, "message");
      return thread;
    }),
  );
  const ask = (thread: Worker, asked: ToRawWorker) => thread.postMessage(asked);
  return {
    id: "rawCApi",
    name: "llama.cpp's C API, raw loop",
    includes: "words, tokens, worker threads; logits of all tokens; no attribution, no queue",
    async run(batches) {
      const messages = batches.flat();
      const part = Math.ceil(messages.length / workers);
      const parts = await Promise.all(
        threads.map(async (thread, i) => {
          ask(thread, { messages: messages.slice(i * part, (i + 1) * part) });
          const [scores] = (await once(thread, "message")) as [number[][]];
          return scores;
        }),
      );
      return parts.flat().reduce((sum, scores) => sum + (scores.at(-1) ?? 0), 0);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(
        threads.map(async (thread) => {
          const ended = once(thread, "exit");
          ask(thread, "close");
          await ended;
        }),
      );
    },
  };
}
