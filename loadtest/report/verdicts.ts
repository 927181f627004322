import { byHeadroom, headroom, isBroken } from "../../alerts/headroom.ts";
import { type Limit, type MemoryScope, statusLimit } from "../../alerts/limits.ts";
import { EVIDENCE } from "../../alerts/rules/evidence.ts";
import type { Estimate } from "./histogram.ts";
import type { Measurements } from "./measurements.ts";

/** How a limit fared. */
export interface Verdict {
  readonly title: string;
  readonly limit: Limit;
  readonly observed: number;
  /** Share of the limit that is left; negative beyond it. See alerts/headroom.ts. */
  readonly headroom: number;
  /** Share of the scope's own memory, for memory limits. */
  readonly usedOfCapacity?: number;
  readonly status: "within" | "broken" | "not measured";
}

/**
 * What limits are held against, of a whole run or of its last seconds: by the limit's id, and for
 * memory by scope. What a profile does not exercise is absent; what it exercises and was not measured
 * is NaN.
 */
export interface Values {
  readonly memoryBytes: Readonly<Partial<Record<MemoryScope, number>>>;
  readonly others: Readonly<Record<string, Estimate>>;
}

/** The value that belongs to a limit; undefined when the profile does not exercise it. */
export function observedFor({ id, scope }: Limit, values: Values): Estimate | undefined {
  if (id !== "memory") return values.others[id];
  return exactly((scope && values.memoryBytes[scope]) ?? Number.NaN);
}

/** A value that is known as it is. */
export const exactly = (value: number): Estimate => ({ value, isLeast: false });

/** Holds one value against one limit. */
export function verdictOn(
  limit: Limit,
  title: string,
  observed: number,
  capacityBytes?: number,
): Verdict {
  const measured = Number.isFinite(observed);
  return {
    title,
    limit,
    observed,
    headroom: headroom(limit, observed),
    ...(limit.unit === "bytes" &&
      measured &&
      capacityBytes !== undefined && { usedOfCapacity: observed / capacityBytes }),
    status: !measured ? "not measured" : isBroken(limit, observed) ? "broken" : "within",
  };
}

/**
 * Holds a run's numbers against the limits that its profile exercises: the limit with the least
 * headroom first, and last what was not measured.
 */
export function verdictsOn(measurements: Measurements, limits: readonly Limit[]): Verdict[] {
  const values = valuesOf(measurements);
  const { capacityBytes } = measurements.memory;
  return limits
    .flatMap((limit) => {
      const observed = observedFor(limit, values);
      if (!observed) return [];
      const capacity = limit.scope && capacityBytes[limit.scope];
      return [verdictOn(limit, limit.title, observed.value, capacity)];
    })
    .sort((a, b) => byHeadroom(a.headroom, b.headroom));
}

/** A statistic of fewer answers than the rules want is none. */
const believed = (value: number, count: number): Estimate =>
  exactly(count >= EVIDENCE.requests ? value : Number.NaN);

function valuesOf({ sentiment, status, chat, memory }: Measurements): Values {
  return {
    memoryBytes: memory.peakBytes,
    others: {
      ...(sentiment && {
        latency_p95: exactly(sentiment.latency.p95),
        error_ratio: exactly(sentiment.errorRatio),
      }),
      ...(sentiment?.attribution && {
        attribution_entropy: exactly(sentiment.attribution.entropy.mean),
        attribution_sparsity: exactly(sentiment.attribution.sparsity.mean),
      }),
      ...(chat && {
        first_token_p95: believed(chat.firstToken.p95, chat.firstToken.count),
        output_token_p95: believed(chat.outputToken.p95, chat.outputToken.count),
        error_ratio: believed(chat.errorRatio, chat.wellMeant),
        goodput: believed(chat.goodput, chat.wellMeant),
      }),
      ...Object.fromEntries(
        status?.scenarios.map(({ scenario, p95Seconds }) => [
          statusLimit(scenario).id,
          exactly(p95Seconds),
        ]) ?? [],
      ),
    },
  };
}
