/** What {@link within} gives when the time is over. */
export const LATE = Symbol("late");

/**
 * The promise's value, or {@link LATE} when it takes longer. A promise that is late may still
 * reject later; nobody hears of it.
 */
export async function within<T>(
  milliseconds: number,
  promise: Promise<T>,
): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    // When the event loop was busy, timer and reply are both due. Timers come first in a turn of
    // the loop, so the verdict waits until the replies of the same turn have been read.
    timer = setTimeout(() => setImmediate(() => resolve(LATE)), milliseconds);
  });
  promise.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
