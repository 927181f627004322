import { runCompanion, type Companion, type CompanionAnswer } from "./companion.ts";

const PROMTOOL: Companion = {
  name: "promtool",
  variable: "HEADROOM_PROMTOOL",
  comesWith: "Prometheus",
};

/** Runs promtool; see {@link runCompanion}. */
export function promtool(...args: readonly string[]): Promise<CompanionAnswer> {
  return runCompanion(PROMTOOL, args);
}
