import { type Limit, statusLimit } from "../../alerts/limits.ts";
import type { Measurements } from "./measurements.ts";

/** One value to hold against a limit. */
export interface Observed {
  readonly title: string;
  /** NaN when nothing was measured. */
  readonly value: number;
}

/** Memory is watched where the user would look: the exporter's own and the whole machine's. */
const SCOPES = { process: "exporter", system: "whole machine" } as const;

/**
 * The values of a run that belong to a limit: none when the profile does not exercise it, two for
 * memory.
 */
export function observedFor(limit: Limit, { sentiment, status, memory }: Measurements): Observed[] {
  const { title } = limit;
  const one = (value: number | undefined): Observed[] =>
    value === undefined ? [] : [{ title, value }];
  switch (limit.id) {
    case "memory":
      return (["process", "system"] as const).map((scope) => ({
        title: `${title}, ${SCOPES[scope]}`,
        value: memory.peakBytes[scope] ?? Number.NaN,
      }));
    case "latency_p95":
      return one(sentiment?.latency.p95);
    case "error_ratio":
      return one(sentiment && sentiment.failed / sentiment.requests);
    case "attribution_entropy":
      return one(sentiment?.attribution?.entropy.mean);
    case "attribution_sparsity":
      return one(sentiment?.attribution?.sparsity.mean);
    default:
      return one(
        status?.analyses.find(({ scenario }) => statusLimit(scenario).id === limit.id)?.p95Seconds,
      );
  }
}
