import { totalmem } from "node:os";
import { type Limit, LIMITS, type Severity, statusLimit } from "@headroom/alerts/limits";

/** No share of a capacity is a limit in a drill: the machine may be as full as it likes. */
export const BYTES_ALONE: Readonly<Record<Severity, number>> = { warning: 1000, critical: 1000 };

/** All limits, with memory that no machine can reach: what else runs here is of no concern. */
export const WITHOUT_MEMORY = withMemory({ warning: 2 * totalmem(), critical: 3 * totalmem() });

/** All limits, with these of memory, in bytes. */
export function withMemory(bytes: Readonly<Record<Severity, number>>): readonly Limit[] {
  return LIMITS.map((limit) =>
    limit.id === "memory" ? { ...limit, bound: "upper", upper: bytes[limit.severity] } : limit,
  );
}

/** The limits of a drill, with half the time for the most urgent of the status analyses. */
export function withHalfTheTime(): readonly Limit[] {
  const urgent = statusLimit("urgent-check");
  return WITHOUT_MEMORY.map((limit) =>
    limit.id === urgent.id ? { ...limit, bound: "upper", upper: urgent.upper / 2 } : limit,
  );
}
