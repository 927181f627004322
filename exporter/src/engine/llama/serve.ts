import { takingTurns } from "./batch-control.ts";
import type { ScoringModel } from "./load-scoring.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { packScores } from "./packed.ts";

/** The end of a channel where the model is. */
export interface Port {
  post(message: FromWorker): void;
  /** Nothing more will be asked. */
  close(): void;
}

/**
 * Answers for a model that has been loaded: one batch after the other, in the order in which they come,
 * and beside them one long one after the other, in turn by slices, so that neither waits for the other.
 *
 * @returns what is to be told each message
 */
export function serve(model: ScoringModel, port: Port): (message: ToWorker) => void {
  /** Batches that have not been answered, and whether they are still wanted. */
  const wanted = new Map<number, boolean>();
  const turn = takingTurns();
  let short = Promise.resolve();
  let long = Promise.resolve();

  async function score({ id, requests }: ToWorker & { type: "score" }): Promise<void> {
    const throwIfCancelled = () => {
      if (!wanted.get(id)) throw new Error("cancelled");
    };
    try {
      throwIfCancelled();
      const scores = packScores(await model.score(requests, { throwIfCancelled, turn }));
      port.post({ type: "scores", id, scores });
    } catch (error) {
      port.post({ type: "failed", id, message: (error as Error).message });
    } finally {
      wanted.delete(id);
      model.rest();
    }
  }

  port.post({ type: "ready", model: model.info });
  return (message) => {
    switch (message.type) {
      case "score":
        wanted.set(message.id, true);
        if (message.long) long = long.then(() => score(message));
        else short = short.then(() => score(message));
        break;
      case "cancel":
        // It may cross its own answer on the way.
        if (wanted.has(message.id)) wanted.set(message.id, false);
        break;
      case "close":
        for (const id of wanted.keys()) wanted.set(id, false);
        void Promise.all([short, long])
          .then(() => model.dispose())
          .then(() => port.close());
    }
  };
}
