import { memoryLimits } from "@headroom/alerts/limits";
import { limitRow } from "../limit-row.ts";
import type { Step } from "../step.ts";

/** The most memory that was used in the last day, in each scope that the exporter has a limit for. */
export const memoryPeak: Step = {
  id: "memory-peak",
  title: "Most memory used in the last day",
  async rows({ prometheus, matchers, limits, at }) {
    const peaks = await prometheus.samples(
      `max by (scope) (max_over_time(headroom_memory_used_bytes{${matchers}}[1d]))`,
      at,
    );
    return memoryLimits("warning", limits).map((allowed) =>
      limitRow({
        id: `memory-peak-${allowed.scope}`,
        title: `${memoryPeak.title}, ${allowed.scope}`,
        limit: allowed,
        value: peaks.find(({ labels }) => labels["scope"] === allowed.scope)?.value ?? Number.NaN,
        missing: "Prometheus has no sample of it.",
        todo: "See what grew, and when, on the dashboard.",
        runbook: "HeadroomMemoryHigh",
      }),
    );
  },
};
