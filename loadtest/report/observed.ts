import {
  type Limit,
  type MemoryScope,
  type StatusScenario,
  STATUS_TARGET_SECONDS,
  statusLimit,
} from "@headroom/alerts/limits";
import type { Estimate } from "./histogram.ts";
import type { Measurements } from "./measurements.ts";

/**
 * What limits are held against, of a whole run or of its last seconds. What a profile does not
 * exercise is absent; what it exercises and was not measured is NaN.
 */
export interface Values {
  readonly memoryBytes: Readonly<Partial<Record<MemoryScope, number>>>;
  readonly latencyP95?: Estimate;
  readonly errorRatio?: number;
  readonly entropy?: number;
  readonly sparsity?: number;
  readonly statusP95?: ReadonlyMap<StatusScenario, Estimate>;
}

const SCENARIOS = Object.keys(STATUS_TARGET_SECONDS) as StatusScenario[];

/** The analysis that a limit is about; undefined when it is about something else. */
const analysisOf = ({ id }: Limit): StatusScenario | undefined =>
  SCENARIOS.find((scenario) => statusLimit(scenario).id === id);

const exactly = (value: number | undefined): Estimate | undefined =>
  value === undefined ? undefined : { value, isLeast: false };

/** The value that belongs to a limit; undefined when the profile does not exercise it. */
export function observedFor(limit: Limit, values: Values): Estimate | undefined {
  switch (limit.id) {
    case "memory":
      return exactly((limit.scope && values.memoryBytes[limit.scope]) ?? Number.NaN);
    case "latency_p95":
      return values.latencyP95;
    case "error_ratio":
      return exactly(values.errorRatio);
    case "attribution_entropy":
      return exactly(values.entropy);
    case "attribution_sparsity":
      return exactly(values.sparsity);
    default: {
      const analysis = analysisOf(limit);
      return analysis && values.statusP95?.get(analysis);
    }
  }
}

/** What limits are held against at the end of a run. */
export function valuesOf({ sentiment, status, memory }: Measurements): Values {
  return {
    memoryBytes: memory.peakBytes,
    ...(sentiment && {
      latencyP95: { value: sentiment.latency.p95, isLeast: false },
      errorRatio: sentiment.errorRatio,
    }),
    ...(sentiment?.attribution && {
      entropy: sentiment.attribution.entropy.mean,
      sparsity: sentiment.attribution.sparsity.mean,
    }),
    ...(status && {
      statusP95: new Map(
        status.analyses.map(({ scenario, p95Seconds }) => [
          scenario,
          { value: p95Seconds, isLeast: false },
        ]),
      ),
    }),
  };
}
