import { STATUS_TARGET_SECONDS, statusLimit, type StatusScenario } from "@headroom/alerts/limits";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import { limitRow } from "../limit-row.ts";
import { type Row, unknownRow } from "../row.ts";
import type { Step } from "../step.ts";

const DURATION = "status_duration_seconds";

/** The P95 of each status analysis that was asked for in the last day, against its target. */
export const statusAnswers: Step = {
  id: "status-answers",
  title: "Status analyses of the last day, P95",
  async rows({ prometheus, matchers, limits, at }) {
    const series = (part: string): string => `increase(${DURATION}_${part}{${matchers}}[1d])`;
    const by = "sum by (scenario)";
    const asked = await prometheus.samples(
      `${by} (${series("count")}) >= ${EVIDENCE.requests}`,
      at,
    );
    const p95 = `histogram_quantile(0.95, sum by (scenario, le) (${series("bucket")}))`;
    const times = asked.length > 0 ? await prometheus.samples(p95, at) : [];
    const rows = asked.flatMap(({ labels: { scenario } }): Row[] => {
      if (!isScenario(scenario)) return [];
      const time = times.find(({ labels }) => labels["scenario"] === scenario);
      return [
        limitRow({
          id: `status-${scenario}`,
          title: `Status analysis of the last day, P95: ${scenario.replaceAll("-", " ")}`,
          limit: statusLimit(scenario, limits),
          value: time?.value ?? Number.NaN,
          missing: "Prometheus has no buckets of it.",
          todo: "Answers are complete at their target, but late: give the chat model more room.",
          runbook: "HeadroomStatusSlow",
        }),
      ];
    });
    if (rows.length > 0) return rows;
    const why = `None was asked for ${EVIDENCE.requests} times in the last day.`;
    return [unknownRow({ ...statusAnswers, limit: "its target" }, why)];
  },
};

const isScenario = (name: string | undefined): name is StatusScenario =>
  name !== undefined && Object.hasOwn(STATUS_TARGET_SECONDS, name);
