import { setTimeout as sleep } from "node:timers/promises";
import { GOALS } from "@headroom/alerts/goals";
import { batchesOf } from "../messages.ts";
import { IN_FLIGHT } from "../pipeline.ts";
import { openConnections, sentimentRequest } from "./lean-connection.ts";

/** Different requests, which are sent again and again. */
const REQUESTS = 64;

/** Load that goes on until it is stopped. */
export interface SteadyLoad {
  /** Messages answered so far. */
  readonly answered: number;
  /** @throws Error when a request was not answered */
  stop(): Promise<void>;
}

/**
 * Sends batches over several connections.
 *
 * @param perSecond - messages a second; without it the next batch follows each answer
 */
export async function startLoad(url: string, perSecond?: number): Promise<SteadyLoad> {
  const size = GOALS.batchSize;
  const requests = batchesOf(0, REQUESTS, size).map(sentimentRequest);
  const connections = await openConnections(url, IN_FLIGHT);
  const began = performance.now();
  let answered = 0;
  let stopped = false;
  let sent = 0;
  const lanes = connections.map(async (connection) => {
    while (!stopped) {
      const number = sent++;
      if (perSecond !== undefined) {
        const due = began + (1000 * number * size) / perSecond;
        await sleep(Math.max(0, due - performance.now()));
        if (stopped) return;
      }
      await connection.ask(requests[number % REQUESTS]!);
      answered += size;
    }
  });
  const done = Promise.all(lanes);
  // It is awaited when the load is stopped.
  done.catch(() => {});
  return {
    get answered() {
      return answered;
    },
    async stop() {
      stopped = true;
      try {
        await done;
      } finally {
        for (const connection of connections) connection.close();
      }
    },
  };
}
