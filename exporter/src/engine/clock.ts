import { setTimeout as sleep } from "node:timers/promises";

/** Time as a simulated engine feels it; tests bring their own. */
export interface Clock {
  /** Milliseconds on a steady clock. */
  now(): number;
  /** Waits; ends early, without an error, when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const MACHINE_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
};
