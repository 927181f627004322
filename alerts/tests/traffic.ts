import type { RuleOptions } from "../rules/options.ts";
import type { Severity } from "../limits.ts";
import type { Schedule } from "./case.ts";
import { schedule } from "./case.ts";

/**
 * Events in each step of the cases: many enough that one more or less stands beside a limit given
 * in per cent, and far more than the evidence that any alert asks for.
 */
export const BUSY = 1000;

/** The usual story's schedule for alerts that look back over the window. */
export function windowed({ pace }: RuleOptions, severity: Severity): Schedule {
  return schedule(pace, pace.windowSeconds + pace.patienceSeconds[severity], "window");
}
