import type { Clock } from "../simulated/generator.ts";

/**
 * A clock whose sleeps end at once and move its time, so that times are exact and cost nothing. For
 * one sleeper at a time: the sleeps of several would add up.
 */
export class VirtualClock implements Clock {
  #now = 0;

  readonly now = (): number => this.#now;

  readonly sleep = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
    // A real sleep does not begin and end before its caller goes on either.
    await Promise.resolve();
    if (!signal.aborted) this.#now += milliseconds;
  };
}
