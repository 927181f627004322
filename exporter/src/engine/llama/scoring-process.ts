/** The process that owns a model for scoring, so that evaluating never blocks HTTP, nor ends it. */
import { childEnd } from "../process/child-end.ts";
import { loadScoring, type ScoringOptions } from "./load-scoring.ts";
import type { FromScoring, ToScoring, ToWorker } from "./messages.ts";
import { serve } from "./serve.ts";

const send = childEnd<FromScoring>();
let answer: ((message: ToWorker) => void) | undefined;

async function load(options: ScoringOptions): Promise<void> {
  answer = serve(await loadScoring(options), { post: send, close: () => process.exit(0) });
}

process.on("message", (message: ToScoring) => {
  if (message.type !== "load") return answer?.(message);
  load(message.options).catch((error: Error) =>
    send({ type: "refused", why: error.message }, () => process.exit(0)),
  );
});
