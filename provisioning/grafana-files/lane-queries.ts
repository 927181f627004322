import type { Limit, StatusScenario } from "@headroom/alerts/limits";
import { MEMORY_SCOPES, STATUS_TARGET_SECONDS, statusLimit } from "@headroom/alerts/limits";
import { attributionMean } from "@headroom/alerts/rules/measures";
import { INSTANCE } from "./instance.ts";
import type { Told } from "./mappings.ts";
import type { Question } from "./query.ts";
import { RECORDED } from "./recorded.ts";

/** What the series of a limit are called, and the labels by which the alerts choose them. */
interface Measured {
  readonly series: string;
  readonly matchers?: string;
  /** What is written after the limit's title when it has several series. */
  readonly parts?: string;
  /** The histogram of a quantile. */
  readonly told?: Told;
}

const MEASURED: Readonly<Record<string, Measured>> = {
  memory: {
    series: "headroom_memory_used_bytes",
    // Those with a capacity of their own; a part of them has no limit.
    matchers: `scope=~"${MEMORY_SCOPES.join("|")}"`,
    parts: "{{scope}}",
  },
  error_ratio: { series: RECORDED.errors },
  latency_p95: { series: RECORDED.p95, told: "latency" },
  // Attribution methods are not interchangeable, so each has its own lane.
  attribution_entropy: {
    series: RECORDED.entropy,
    parts: "{{method}}",
  },
  attribution_sparsity: {
    series: RECORDED.sparsity,
    parts: "{{method}}",
  },
  ...Object.fromEntries(
    (Object.keys(STATUS_TARGET_SECONDS) as StatusScenario[]).map((scenario) => [
      statusLimit(scenario).id,
      {
        series: RECORDED.statusP95,
        matchers: `scenario="${scenario}"`,
        told: "status",
      } as const,
    ]),
  ),
};

/**
 * What a limit is held against, as a question: the very series that alert. Its `refId` is the
 * limit's id, by which the panel finds the limit in `headroom_limit`.
 *
 * @throws RangeError when no series is known for the limit
 */
export function laneQuery({ id, title }: Pick<Limit, "id" | "title">): Question {
  const measured = MEASURED[id];
  if (!measured) {
    throw new RangeError(
      `no series is known for the limit ${id}; add it to provisioning/grafana-files/lane-queries.ts`,
    );
  }
  const { series, matchers, parts, told } = measured;
  return {
    refId: id,
    expr: `${series}{${[matchers, INSTANCE].filter(Boolean).join(", ")}}`,
    // Beside a curve there is room for a few words.
    legend: [title.replace("Status analysis: ", "Status: "), parts].filter(Boolean).join(", "),
    ...(told && { told }),
  };
}

const QUALITIES: Readonly<Record<string, string>> = {
  attribution_entropy: "attribution_entropy_nats",
  attribution_sparsity: "attribution_sparsity_ratio",
};

/**
 * The mean of an attribution quality from scrape to scrape: the window of the alerts would move by a
 * hair each time, and hide how the qualities spread. It wants as many messages as they do.
 *
 * @throws RangeError when the limit is none of an attribution quality
 */
export function qualityQuery({ id, title }: Pick<Limit, "id" | "title">): Question {
  const metric = QUALITIES[id];
  if (!metric) throw new RangeError(`${id} is not the limit of an attribution quality`);
  const expr = attributionMean(metric, {
    window: "$__rate_interval",
    by: "job, instance, method",
    matchers: INSTANCE,
  });
  return { refId: id, expr, legend: `${title}, {{method}}` };
}

/**
 * Asks for the limits that the exporter itself goes by, as it told them last: the lanes of one that is
 * gone are still there, and still have them.
 */
export const LIMITS_QUERY: Question = {
  refId: "limits",
  expr: `last_over_time(headroom_limit{${INSTANCE}}[1h])`,
  legend: "{{limit}}, {{severity}}, {{bound}}",
};
