import { headroom } from "@headroom/alerts/headroom";
import { limit, limitsWithin, MEMORY_FRACTION, type Severity } from "@headroom/alerts/limits";
import { valueOf } from "../fact.ts";
import { gigabytes } from "../gigabytes.ts";
import type { Situation } from "./advice.ts";

/** What memory will look like once the model is loaded, where it comes nearest to its limit. */
export interface MemoryOutlook {
  readonly scope: "system" | "container";
  /** Used now and by the plan together, in bytes. */
  readonly usedBytes: number;
  readonly capacityBytes: number;
  /** Where the memory alert of each severity fires, in bytes. */
  readonly alertsFrom: Readonly<Record<Severity, number>>;
  /** Left below the level at which the memory alert warns, in bytes; negative above it. */
  readonly belowWarning: number;
}

/** The outlook for whichever ceiling binds, machine or container; undefined when neither is known. */
export function memoryOutlook({ facts, plan, limits }: Situation): MemoryOutlook | undefined {
  const outlooks = (["container", "system"] as const).flatMap((scope): MemoryOutlook[] => {
    const memory = facts.memory[scope];
    if (!memory) return [];
    const { capacityBytes } = memory;
    const usedBytes = memory.usedBytes + plan.memoryBytes;
    const within = limitsWithin({ [scope]: capacityBytes }, limits);
    const from = (severity: Severity): number => {
      const found = limit("memory", severity, within);
      return found.bound === "upper" ? found.upper : Infinity;
    };
    const alertsFrom = { warning: from("warning"), critical: from("critical") };
    const belowWarning = alertsFrom.warning - usedBytes;
    return [{ scope, usedBytes, capacityBytes, alertsFrom, belowWarning }];
  });
  const left = ({ alertsFrom, usedBytes }: MemoryOutlook): number =>
    headroom({ bound: "upper", upper: alertsFrom.warning }, usedBytes);
  return outlooks.sort((a, b) => left(a) - left(b))[0];
}

/** Which ceiling binds, and why there: "11.2 GB on, 70 % of the container's 16.0 GB". */
export function ceilingInWords(outlook: MemoryOutlook, severity: Severity): string {
  const { scope, capacityBytes, alertsFrom } = outlook;
  const share = MEMORY_FRACTION[severity];
  const whose = scope === "container" ? "container" : "machine";
  const from = alertsFrom[severity];
  return from < share * capacityBytes
    ? `${gigabytes(from)} on, the limit in bytes (the ${whose} has ${gigabytes(capacityBytes)})`
    : `${gigabytes(from)} on, ${Math.round(100 * share)} % of the ${whose}'s ${gigabytes(capacityBytes)}`;
}

/** Whether the plan needs more than is free; false when that is not known. */
export function exceedsFree({ facts, plan }: Pick<Situation, "facts" | "plan">): boolean {
  const free = valueOf(facts.availableMemoryBytes);
  return free !== undefined && plan.memoryBytes > free;
}
