import type { Limit } from "../../alerts/limits.ts";
import type { Profile } from "../plan/profiles.ts";
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
export function observedFor(limit: Limit, profile: Profile, m: Measurements): Observed[] {
  const attributed = profile.attribution !== "none";
  switch (limit.id) {
    case "memory":
      return (["process", "system"] as const).map((scope) => ({
        title: `${limit.title}, ${SCOPES[scope]}`,
        value: m.memory.peakBytes[scope] ?? Number.NaN,
      }));
    case "latency_p95":
      return [{ title: limit.title, value: m.k6.latency.p95 }];
    case "error_ratio":
      return [{ title: limit.title, value: m.k6.failed / m.k6.requests }];
    case "attribution_entropy":
      return attributed ? [{ title: limit.title, value: m.k6.attribution.entropy.mean }] : [];
    case "attribution_sparsity":
      return attributed ? [{ title: limit.title, value: m.k6.attribution.sparsity.mean }] : [];
    default:
      return [];
  }
}
