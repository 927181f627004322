import { runCompanion, type Companion, type CompanionAnswer } from "./companion.ts";

const AMTOOL: Companion = {
  name: "amtool",
  variable: "HEADROOM_AMTOOL",
  comesWith: "Alertmanager",
};

/** Runs amtool; see {@link runCompanion}. */
export function amtool(...args: readonly string[]): Promise<CompanionAnswer> {
  return runCompanion(AMTOOL, args);
}
