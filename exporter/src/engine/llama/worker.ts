/** The worker thread that owns a model, so that tokenizing and evaluating never block HTTP. */
import { parentPort, workerData } from "node:worker_threads";
import { loadScoring, type ScoringOptions } from "./load-scoring.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { packScores, unpackRequests } from "./packed.ts";

const port = parentPort!;
const send = (message: FromWorker) => port.postMessage(message);
const cancelled = new Set<number>();
/** Batches are done in the order of their numbers. */
let lastDone = -1;
let queue = Promise.resolve();

const model = await loadScoring(workerData as ScoringOptions);

async function score({ id, requests }: ToWorker & { type: "score" }): Promise<void> {
  try {
    const throwIfCancelled = () => {
      if (cancelled.has(id)) throw new Error("cancelled");
    };
    const scores = packScores(await model.score(unpackRequests(requests), throwIfCancelled));
    port.postMessage({ type: "scores", id, scores } satisfies FromWorker, [scores.buffer]);
  } catch (error) {
    send({ type: "failed", id, message: (error as Error).message });
  } finally {
    cancelled.delete(id);
    lastDone = id;
    model.rest();
  }
}

port.on("message", (message: ToWorker) => {
  switch (message.type) {
    case "score":
      queue = queue.then(() => score(message));
      break;
    case "cancel":
      // One that crosses its own answer on the way would never be taken off.
      if (message.id > lastDone) cancelled.add(message.id);
      break;
    case "close":
      queue = queue.then(() => model.dispose()).then(() => port.close());
  }
});
send({ type: "ready", model: model.info });
