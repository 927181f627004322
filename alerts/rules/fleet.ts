import { limit } from "../limits.ts";
import { chatSeries } from "./chat.ts";
import type { RecordingRule, RuleGroup } from "./group.ts";
import {
  attributionMean,
  cacheHits,
  errorRatio,
  goodput,
  latencyP95,
  type Over,
  rate,
  statusP95,
  streamedQuantile,
} from "./measures.ts";
import { usedPerLimit } from "./memory.ts";
import type { RuleOptions } from "./options.ts";
import { duration } from "./pace.ts";
import { byWork, WITH_ERRORS } from "./requests.ts";

/**
 * What the other groups record of each exporter, once more of all exporters of a job: of the fleet as a whole,
 * and of the exporter that has the least headroom. The whole is computed from what was counted, never from
 * the exporters' own ratios and quantiles: a P95 from the sum of the buckets, a share from the sums above and
 * below the line. A dashboard of a thousand exporters then asks for as few series as that of one.
 */
export function fleetRules(options: RuleOptions): RuleGroup {
  const window = duration(options.pace.windowSeconds);
  const rules = measured(window).flatMap(
    ({ series, by, whole, worst, listed }): RecordingRule[] => {
      const ofJob = ["job", ...by].join(", ");
      return [
        ...(whole ? [{ record: wholeOf(series), expr: whole({ window, by: ofJob }) }] : []),
        ...(worst ? [{ record: worstOf(series), expr: WORST[worst](series, ofJob, options) }] : []),
        ...(listed ? [{ record: tenOf(series), expr: `topk by (job) (10, ${series})` }] : []),
      ];
    },
  );
  const limits = "max by (job, limit, severity, bound) (headroom_limit)";
  const ofAll = [
    { record: LIMITS_OF_ALL, expr: limits },
    { record: ALERTS_OF_ALL, expr: `min without (instance) (${alertsSince()})` },
  ];
  return { name: "headroom-fleet", rules: [...rules, ...ofAll] };
}

/** The alerts about limits whose conditions hold, each with the second since when. */
export const alertsSince = (...matchers: readonly string[]): string =>
  `ALERTS{${['alertname=~"Headroom.*"', 'limit!=""', ...matchers].join(", ")}} ` +
  `* ignoring (alertstate) group_left () ALERTS_FOR_STATE${matchers.length > 0 ? `{${matchers.join(", ")}}` : ""}`;

/** The same of all exporters: since when the first of them has one. */
export const ALERTS_OF_ALL = "job_alertname_alertstate:alerts_for_state:min";

/** The limits of all exporters, which are the same but for those of memory. */
export const LIMITS_OF_ALL = "job_limit_severity_bound:headroom_limit:max";

/** The name under which a series of single exporters is recorded of all of them together. */
export const wholeOf = (series: string): string => series.replace(/^instance/, "job");

/** The same of the exporter with the least headroom. */
export const worstOf = (series: string): string =>
  wholeOf(series).replace(/:(?=[^:]*$)/, ":worst_");

/** The same of the ten exporters with the least headroom, each by itself. */
export const tenOf = (series: string): string => series.replace(/:(?=[^:]*$)/, ":topk10_");

interface Measured {
  /** As it is recorded of each exporter. */
  readonly series: string;
  /** What it is told apart by, beside the exporter. */
  readonly by: readonly string[];
  /** PromQL of all exporters together; absent where there is no such thing, as of their memory. */
  readonly whole?: (over: Over) => string;
  /** Which exporter has the least headroom; absent where no one is. */
  readonly worst?: keyof typeof WORST;
  /** Whether the ten with the most of it are looked at one by one. */
  readonly listed?: true;
}

function measured(window: string): readonly Measured[] {
  const chat = chatSeries(window);
  const quality = (metric: string, worst: Measured["worst"]) => ({
    series: `instance_method:${metric}:mean${window}`,
    by: ["method"],
    whole: (over: Over) => attributionMean(metric, over),
    ...(worst && { worst }),
  });
  return [
    {
      series: `instance:sentiment_request_duration_seconds:p95_rate${window}`,
      by: [],
      whole: latencyP95,
      worst: "most",
      listed: true,
    },
    {
      series: `instance_work:headroom_request_errors_per_requests:ratio_rate${window}`,
      by: ["work"],
      whole: () => byWork(WITH_ERRORS, (work) => errorRatio({ window, by: "job" }, work)),
      worst: "most",
      listed: true,
    },
    { series: usedPerLimit("warning"), by: ["scope"], worst: "most", listed: true },
    quality("attribution_entropy_nats", "outside"),
    quality("attribution_sparsity_ratio", "least"),
    {
      series: `instance_scenario:headroom_status_duration_seconds:p95_rate${window}`,
      by: ["scenario"],
      whole: statusP95,
      worst: "most",
    },
    {
      series: chat.firstToken,
      by: ["gen_ai_request_model"],
      whole: (over) => streamedQuantile(0.95, "firstToken", over),
      worst: "most",
    },
    {
      series: chat.outputToken,
      by: ["gen_ai_request_model"],
      whole: (over) => streamedQuantile(0.95, "outputToken", over),
      worst: "most",
    },
    { series: chat.goodput, by: ["model"], whole: goodput, worst: "least" },
    {
      series: `instance_source:sentiment_messages:rate${window}`,
      by: ["source"],
      whole: (over) => rate("sentiment_messages_total", over),
    },
    {
      series: `instance_cache_tier:headroom_cache_hits_per_requests:ratio_rate${window}`,
      by: ["cache", "tier"],
      whole: cacheHits,
    },
  ];
}

type Worst = (series: string, by: string, options: RuleOptions) => string;

const most: Worst = (series, by) => `max by (${by}) (${series})`;
const least: Worst = (series, by) => `min by (${by}) (${series})`;

const WORST = {
  most,
  least,
  /** Of the band of the entropy: the one that is further towards an edge, or beyond. */
  outside(series: string, by: string, options: RuleOptions): string {
    const [high, low] = [most(series, by, options), least(series, by, options)];
    const band = limit("attribution_entropy", "warning", options.limits);
    if (band.bound !== "band") throw new TypeError("the entropy has a band");
    const isHigh = `${high} - ${band.upper} >= ${band.lower} - ${low}`;
    return `(${high} and on (${by}) (${isHigh})) or ${low}`;
  },
} as const;
