import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import type { FromWorker, ToWorker } from "./messages.ts";

/** The way to a thread or process that has a model. */
export interface Channel {
  send(message: ToWorker): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** Is told why the other side is no more, once it is. */
  onEnd(listener: (why: string) => void): void;
  /** Has the other side finish what it was given and end; resolves when it is gone. */
  close(): Promise<void>;
}

/** The way to a worker thread. */
export function threadChannel(worker: Worker): Channel {
  const send = (message: ToWorker) => worker.postMessage(message);
  return {
    send,
    onMessage: (listener) => void worker.on("message", listener),
    onEnd(listener) {
      worker.on("error", (error: Error) => listener(`The model's thread failed: ${error.message}`));
      worker.on("exit", (code) => listener(`The model's thread ended with code ${code}.`));
    },
    async close() {
      const exit = once(worker, "exit");
      send({ type: "close" });
      await exit;
    },
  };
}
