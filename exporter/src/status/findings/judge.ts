import { isBroken } from "@headroom/alerts/headroom";
import { FINDING_LIMITS, type FindingLimit } from "@headroom/alerts/limits";
import type { FindingSeverity } from "./finding.ts";

/** How bad a value is, and the limit that it breaks. */
export interface Judgement {
  readonly severity: FindingSeverity;
  readonly broken?: FindingLimit;
}

/** What is said about values that have no limit. */
export const OK: Judgement = { severity: "ok" };

/**
 * Judges a value by the limits with this name; the critical one comes first.
 *
 * @throws RangeError when no limit has the name
 */
export function judge(id: string, value: number): Judgement {
  const limits = FINDING_LIMITS.filter((limit) => limit.id === id);
  if (limits.length === 0) throw new RangeError(`no limit of findings is called ${id}`);
  const broken = limits.filter((limit) => isBroken(limit, value));
  const worst = broken.find(({ severity }) => severity === "critical") ?? broken[0];
  return worst ? { severity: worst.severity, broken: worst } : OK;
}
