/** The worker thread that owns a model, so that tokenizing and evaluating never block HTTP. */
import { parentPort, workerData } from "node:worker_threads";
import { loadScoring, type ScoringOptions } from "./load-scoring.ts";
import { serve } from "./serve.ts";

const port = parentPort!;
const model = await loadScoring(workerData as ScoringOptions);
port.on(
  "message",
  serve(model, {
    post: (message, handedOver = []) => port.postMessage(message, [...handedOver]),
    close: () => port.close(),
  }),
);
