import type { ScoringModel } from "./load-scoring.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { packScores, unpackRequests } from "./packed.ts";

/** The end of a channel where the model is. */
export interface Port {
  post(message: FromWorker, handedOver?: readonly ArrayBuffer[]): void;
  /** Nothing more will be asked. */
  close(): void;
}

/**
 * Answers for a model that has been loaded, a batch after the other, in the order of their numbers.
 *
 * @returns what is to be told each message
 */
export function serve(model: ScoringModel, port: Port): (message: ToWorker) => void {
  const cancelled = new Set<number>();
  let lastDone = -1;
  let queue = Promise.resolve();

  async function score({ id, requests }: ToWorker & { type: "score" }): Promise<void> {
    try {
      const throwIfCancelled = () => {
        if (cancelled.has(id)) throw new Error("cancelled");
      };
      const scores = packScores(await model.score(unpackRequests(requests), throwIfCancelled));
      port.post({ type: "scores", id, scores }, [scores.buffer]);
    } catch (error) {
      port.post({ type: "failed", id, message: (error as Error).message });
    } finally {
      cancelled.delete(id);
      lastDone = id;
      model.rest();
    }
  }

  port.post({ type: "ready", model: model.info });
  return (message) => {
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
  };
}
