import { freemem } from "node:os";
import { join } from "node:path";
import { withMemory } from "../limits.ts";
import { HISTORY_SECONDS } from "../pace.ts";
import type { Fault } from "../fault.ts";

const PROGRAM = join(import.meta.dirname, "ballast.mjs");

/** Other programs come and go; a step is more than that. No fault takes more than three of them. */
const STEP_BYTES = Math.round(Math.min(1e9, Math.max(400e6, freemem() / 8)));

/** Another program takes real memory: so many steps of those in which the limits lie. */
export function ballast(what: string, steps: number): Fault {
  return {
    what,
    setup: {
      limits: (used) => withMemory({ warning: used + STEP_BYTES, critical: used + 2 * STEP_BYTES }),
    },
    inject: (stack) => stack.runBeside("ballast", [PROGRAM, String(steps * STEP_BYTES)]),
  };
}

/** Another program takes more and more real memory. */
export const leak: Fault = {
  what: "another program leaks memory",
  setup: {
    limits: (used) => {
      const grown = grownInHistory(used);
      // Further than the drill gets, and within what the trend foretells: four histories ahead.
      return withMemory({ warning: used + 3.5 * grown, critical: used + 7 * grown });
    },
  },
  inject(stack) {
    const grown = grownInHistory(stack.usedAtStart);
    const perSecond = Math.round(grown / HISTORY_SECONDS);
    return stack.runBeside("ballast", [PROGRAM, String(3 * grown), String(perSecond)]);
  },
};

/** Bytes of the leak over one history: twice the rise that a forecast asks for, and more than noise. */
function grownInHistory(usedBytes: number): number {
  return Math.max(STEP_BYTES, 0.05 * usedBytes);
}
