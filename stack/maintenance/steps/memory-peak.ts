import { limit } from "../../../alerts/limits.ts";
import { limitRow } from "../limit-row.ts";
import type { Step } from "../step.ts";

/** What memory is judged by, in words. */
export const SCOPES = { process: "exporter", system: "whole machine" } as const;

/** The most memory that was used in the last day, by the exporter and by the whole machine. */
export const memoryPeak: Step = {
  id: "memory-peak",
  title: "Most memory used in the last day",
  async rows({ prometheus, matchers, limits, at }) {
    const peaks = await prometheus.samples(
      `max by (scope) (max_over_time(headroom_memory_used_bytes{${matchers}}[1d]))`,
      at,
    );
    return (["process", "system"] as const).map((scope) =>
      limitRow({
        id: `memory-peak-${scope}`,
        title: `${memoryPeak.title}, ${SCOPES[scope]}`,
        limit: limit("memory", "warning", limits),
        value: peaks.find(({ labels }) => labels["scope"] === scope)?.value ?? Number.NaN,
        missing: "Prometheus has no sample of it.",
        todo: "See what grew, and when, on the dashboard.",
        runbook: "HeadroomMemoryHigh",
      }),
    );
  },
};
