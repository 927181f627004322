/** A worker thread with a loop of its own. */
import { parentPort, workerData } from "node:worker_threads";
import { openRawLoop } from "./loop.ts";

/** What the thread is asked: the messages of a round, or to end. */
export type ToRawWorker = { readonly messages: readonly string[] } | "close";

const port = parentPort!;
const loop = await openRawLoop(workerData as string);
port.on("message", (asked: ToRawWorker) => {
  if (asked === "close") return void loop.close().then(() => port.close());
  port.postMessage(loop.score(asked.messages));
});
port.postMessage("ready");
