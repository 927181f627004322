import pTimeout from "p-timeout";

/** What {@link inTime} gives when the time is over. */
export const LATE = Symbol("late");

/**
 * A value that must come in time. A promise that is late may still reject; nobody hears of it.
 *
 * @returns the promise's value, or {@link LATE}
 * @throws the signal's reason when it aborts first; no timer is left then
 */
export function inTime<T>(
  promise: Promise<T>,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<T | typeof LATE> {
  return pTimeout<T, typeof LATE>(promise, {
    milliseconds: Math.max(1, milliseconds),
    fallback: () => LATE,
    customTimers: { setTimeout: setPatientTimeout as typeof setTimeout, clearTimeout },
    ...(signal && { signal }),
  });
}

/**
 * When the event loop was busy, a timer and the reply that it waits for are both due. Timers come
 * first in a turn of the loop, so this one lets the replies of its turn be read before it is heard.
 */
function setPatientTimeout(late: () => void, milliseconds: number): NodeJS.Timeout {
  return setTimeout(() => setImmediate(late), milliseconds);
}
