import { setTimeout as sleep } from "node:timers/promises";
import type { DrillStack } from "./drill-stack.ts";
import { look, type Sight } from "./look.ts";
import { DRILL_PACE } from "./pace.ts";

const LOOK_MS = 100;

/** Something did not happen in time. */
export class Missed extends Error {}

/** Looks at a stack again and again, and remembers what fired. */
export class Watch {
  /** Names of all alerts that were seen firing. */
  readonly fired = new Set<string>();
  readonly #stack: DrillStack;
  readonly #signal: AbortSignal;

  constructor(stack: DrillStack, signal: AbortSignal) {
    this.#stack = stack;
    this.#signal = signal;
  }

  /**
   * Looks until something can be seen.
   *
   * @param what - what is waited for, in words
   * @throws Missed when it cannot be seen in time, or the signal's reason
   */
  async until(what: string, seconds: number, holds: (sight: Sight) => boolean): Promise<Sight> {
    const end = performance.now() + 1000 * seconds;
    for (;;) {
      const sight = await look(this.#stack);
      for (const [name, state] of sight.alerts) if (state === "firing") this.fired.add(name);
      if (holds(sight)) return sight;
      this.#signal.throwIfAborted();
      if (performance.now() > end) throw new Missed(`not ${what} within ${seconds} s`);
      await sleep(LOOK_MS);
    }
  }

  /**
   * Looks until there is a load, and no alert is even pending for a whole window.
   *
   * @throws Missed that says what kept it from being quiet, or the signal's reason
   */
  async untilQuiet(seconds: number): Promise<void> {
    let quietSince = Infinity;
    let noise = "";
    const quiet = ({ alerts, busy }: Sight): boolean => {
      noise = [...alerts.keys()].join(", ") || (busy ? "" : "no request arrives");
      quietSince = noise === "" ? Math.min(quietSince, performance.now()) : Infinity;
      return performance.now() - quietSince >= 1000 * DRILL_PACE.windowSeconds;
    };
    await this.until("quiet", seconds, quiet).catch((error: unknown) => {
      if (!(error instanceof Missed)) throw error;
      throw new Missed(`${error.message} before the fault: ${noise}`);
    });
  }
}
