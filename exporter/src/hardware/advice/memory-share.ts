import { MEMORY_FRACTION } from "../../../../alerts/limits.ts";
import { valueOf } from "../fact.ts";
import type { Situation } from "./advice.ts";

/** What memory will look like once the model is loaded, in bytes. */
export interface MemoryOutlook {
  readonly capacity: number;
  /** Used now and by the plan together. */
  readonly used: number;
  /** Left below the level at which the memory alert warns; negative above it. */
  readonly belowWarning: number;
}

/** The outlook; undefined when memory is not known. */
export function memoryOutlook({ facts, plan }: Situation): MemoryOutlook | undefined {
  const [capacity, free] = [valueOf(facts.memoryBytes), valueOf(facts.availableMemoryBytes)];
  if (capacity === undefined || free === undefined || capacity <= 0) return undefined;
  const used = capacity - free + plan.memoryBytes;
  return { capacity, used, belowWarning: capacity * MEMORY_FRACTION.warning - used };
}

/** Whether the plan needs more than is free; false when that is not known. */
export function exceedsFree({ facts, plan }: Situation): boolean {
  const free = valueOf(facts.availableMemoryBytes);
  return free !== undefined && plan.memoryBytes > free;
}
