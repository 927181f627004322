import { linkSignals } from "@headroom/exporter/linked-signal";

/**
 * Does some work under a signal that also aborts when the time is over.
 *
 * @throws whatever the work throws, a DOMException "TimeoutError" among it
 */
export async function withinTime<T>(
  milliseconds: number,
  signal: AbortSignal,
  work: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  const limited = linkSignals([signal], milliseconds);
  try {
    return await work(limited.signal);
  } finally {
    limited.release();
  }
}
