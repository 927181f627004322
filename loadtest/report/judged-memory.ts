import {
  MEMORY_FRACTION,
  MEMORY_SCOPES,
  type Limit,
  type MemoryScope,
} from "@headroom/alerts/limits";
import { formatBytes } from "./format.ts";
import type { Report } from "./report.ts";

/** Capacities travel as whole bytes, and shares of them do not. */
const ROUNDING_BYTES = 1;

function inWords(scope: MemoryScope, limit: Limit & { bound: "upper" }, capacity: number): string {
  const share = MEMORY_FRACTION[limit.severity];
  const boundByBytes = limit.upper < share * capacity - ROUNDING_BYTES;
  const why = boundByBytes ? "the limit in bytes" : `${100 * share} % of it`;
  return `${scope} ${formatBytes(capacity)} (warning from ${formatBytes(limit.upper)}, ${why})`;
}

/**
 * Which memory a run was judged by: each scope with its capacity, and whether its own share or the
 * limit in bytes was the smaller one. A line, or none when no capacity is known.
 */
export function judgedMemory({ verdicts, measurements }: Report): string[] {
  const { capacityBytes } = measurements.memory;
  const limits = verdicts.map(({ limit }) => limit);
  const scopes = MEMORY_SCOPES.flatMap((scope) => {
    const capacity = capacityBytes[scope];
    const limit = limits.find((one) => one.scope === scope && one.severity === "warning");
    if (capacity === undefined || limit?.bound !== "upper") return [];
    return [inWords(scope, limit, capacity)];
  });
  return scopes.length === 0 ? [] : [`Memory is judged by ${scopes.join(", ")}`];
}
