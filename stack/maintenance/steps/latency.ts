import { limit } from "@headroom/alerts/limits";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import { limitRow } from "../limit-row.ts";
import type { Step } from "../step.ts";

const DURATION = "sentiment_request_duration_seconds";

/** The P95 of the requests of the last day. */
export const latency: Step = {
  id: "latency",
  title: "Latency of the last day, P95",
  async rows({ prometheus, matchers, limits, at }) {
    const series = (part: string): string => `increase(${DURATION}_${part}{${matchers}}[1d])`;
    const requests = await prometheus.value(`sum(${series("count")})`, at);
    const p95 = `histogram_quantile(0.95, sum by (le) (${series("bucket")}))`;
    return [
      limitRow({
        id: latency.id,
        title: latency.title,
        limit: limit("latency_p95", "warning", limits),
        value: requests >= EVIDENCE.requests ? await prometheus.value(p95, at) : Number.NaN,
        missing: `A P95 needs ${EVIDENCE.requests} requests; the last day had fewer.`,
        todo: "See whether the queue, the model or the cache takes the time.",
        runbook: "HeadroomLatencyHigh",
      }),
    ];
  },
};
