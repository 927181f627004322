import type { Response } from "express";
import { HeadroomError } from "../errors.ts";
import type { Drain } from "./drain.ts";
import { ClientGone } from "./request-body.ts";

const FOR_MESSAGES =
  "Send fewer messages at once, choose a cheaper attribution method, or allow more time with " +
  "HEADROOM_REQUEST_TIMEOUT_SECONDS.";

/**
 * Runs work that ends early when nobody waits for it any more: the client is gone, the time is
 * over, or the exporter stops. The signal tells the work; the returned promise does not wait for
 * the work to notice.
 *
 * @param seconds - how long the work may take
 * @param advice - what to do where that is not enough, in a sentence
 * @throws ClientGone, or HeadroomError `deadline_exceeded` or `draining`, or what the work throws
 */
export async function whileWanted<T>(
  res: Response,
  drain: Drain,
  seconds: number,
  work: (signal: AbortSignal) => Promise<T>,
  advice = FOR_MESSAGES,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const onClose = (): void => {
    // One that has its whole answer may go.
    if (!res.writableFinished) controller.abort(new ClientGone());
  };
  const timer = setTimeout(() => controller.abort(late(seconds, advice)), seconds * 1000);
  const takeOff = drain.onCutOff((reason) => controller.abort(reason));
  res.once("close", onClose);
  try {
    if (res.destroyed) throw new ClientGone();
    return await new Promise<T>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
      work(signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    takeOff();
    res.off("close", onClose);
  }
}

function late(seconds: number, advice: string): HeadroomError {
  return new HeadroomError(
    "deadline_exceeded",
    `The answer was not ready within ${seconds} s, so the work was stopped. ${advice}`,
    { members: { limit: seconds, unit: "seconds" } },
  );
}
