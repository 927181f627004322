import type { Response } from "express";
import { HeadroomError } from "../errors.ts";
import type { Drain } from "./drain.ts";

/** The reason of an abort when the client went away; nobody is left to be told. */
export class ClientGone extends Error {
  constructor() {
    super("the client closed the connection");
    this.name = "ClientGone";
  }
}

/**
 * Runs work that ends early when nobody waits for it any more: the client is gone, the time is
 * over, or the exporter stops. The signal tells the work; the returned promise does not wait for
 * the work to notice.
 *
 * @param seconds - how long the work may take
 * @throws ClientGone, or HeadroomError `deadline_exceeded` or `draining`, or what the work throws
 */
export async function whileWanted<T>(
  res: Response,
  drain: Drain,
  seconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onClose = (): void => controller.abort(new ClientGone());
  const timer = setTimeout(() => controller.abort(late(seconds)), seconds * 1000);
  const takeOff = drain.onCutOff((reason) => controller.abort(reason));
  res.once("close", onClose);
  try {
    if (res.destroyed) controller.abort(new ClientGone());
    controller.signal.throwIfAborted();
    return await new Promise<T>((resolve, reject) => {
      controller.signal.addEventListener("abort", () => reject(controller.signal.reason as Error));
      work(controller.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    takeOff();
    res.off("close", onClose);
  }
}

function late(seconds: number): HeadroomError {
  return new HeadroomError(
    "deadline_exceeded",
    `The answer was not ready within ${seconds} s, so the work was stopped. ` +
      "Send fewer messages at once, choose a cheaper attribution method, or allow more time with " +
      "HEADROOM_REQUEST_TIMEOUT_SECONDS.",
    { members: { limit: seconds, unit: "seconds" } },
  );
}
