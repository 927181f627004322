import { chatSeries } from "@headroom/alerts/rules/chat";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import * as measured from "@headroom/alerts/rules/measures";
import { usedPerLimit } from "@headroom/alerts/rules/memory";
import { JOBS } from "@headroom/alerts/rules/options";
import { duration, PACE } from "@headroom/alerts/rules/pace";

/** Matcher for the exporters that the dashboard's variable `instance` names. */
export const INSTANCE = 'instance=~"$instance"';

/** Matcher for the exporters among all that Prometheus scrapes, where others have the metric too. */
export const JOB = `job="${JOBS.exporter}"`;

/** How far rates, means and quantiles look back: as far as the alerts. A Prometheus duration. */
export const WINDOW = duration(PACE.windowSeconds);

/** The series that the rules record and that panels show; see `alerts/rules/`. */
export const RECORDED = {
  requests: `instance_outcome:sentiment_requests:rate${WINDOW}`,
  messages: `instance_source:sentiment_messages:rate${WINDOW}`,
  p95: `instance:sentiment_request_duration_seconds:p95_rate${WINDOW}`,
  errors: `instance_work:headroom_request_errors_per_requests:ratio_rate${WINDOW}`,
  refusals: `instance_work:headroom_request_refusals_per_requests:ratio_rate${WINDOW}`,
  cacheHits: `instance_cache_tier:headroom_cache_hits_per_requests:ratio_rate${WINDOW}`,
  entropy: `instance_method:attribution_entropy_nats:mean${WINDOW}`,
  entropyInRange: `instance_method:attribution_entropy_nats_in_range:ratio_rate${WINDOW}`,
  sparsity: `instance_method:attribution_sparsity_ratio:mean${WINDOW}`,
  sparsityInRange: `instance_method:attribution_sparsity_ratio_in_range:ratio_rate${WINDOW}`,
  qualityInRange: `instance_method:attribution_quality_in_range:ratio_rate${WINDOW}`,
  statusP95: `instance_scenario:headroom_status_duration_seconds:p95_rate${WINDOW}`,
  statusInTime: `instance_scenario:headroom_status_in_time_per_requests:ratio_rate${WINDOW}`,
  statusUngrounded: `instance_scenario:headroom_status_ungrounded_per_requests:ratio_rate${WINDOW}`,
  statusFallbacks: `instance_reason:headroom_status_fallbacks_per_requests:ratio_rate${WINDOW}`,
  chat: chatSeries(WINDOW),
  memoryShare: "instance_scope:headroom_memory_used_per_capacity:ratio",
  memoryPerLimit: usedPerLimit("warning"),
} as const;

/** A series of the chosen exporters. */
export function series(metric: string, ...matchers: readonly string[]): string {
  return `${metric}{${[...matchers, INSTANCE].join(", ")}}`;
}

/** What a counter grows by in a second, summed up by labels; by none when `by` is empty. */
export function perSecond(counter: string, by: string, ...matchers: readonly string[]): string {
  const rate = `(rate(${series(counter, ...matchers)}[${WINDOW}]))`;
  return by === "" ? `sum${rate}` : `sum by (${by}) ${rate}`;
}

/** The mean of what a histogram counted, where it counted enough. */
export function mean(histogram: string, by: string): string {
  const samples = `${perSecond(`${histogram}_sum`, by)} / ${perSecond(`${histogram}_count`, by)}`;
  return believed(samples, `${histogram}_count`, by);
}

/**
 * A quantile of a histogram that no rule records, where it counted enough.
 *
 * @param share - from 0 to 1
 */
export function quantile(
  share: number,
  histogram: string,
  by: string,
  ...matchers: readonly string[]
): string {
  return measured.quantile(share, histogram, over(by, matchers));
}

/** A statistic of the window, only while what it is made of has grown as the recorded series ask. */
export function believed(samples: string, counter: string, by: string): string {
  return measured.withEvidence(samples, EVIDENCE.requests, counter, over(by));
}

const over = (by: string, matchers: readonly string[] = []): measured.Over => ({
  window: WINDOW,
  by,
  matchers: [...matchers, INSTANCE].join(", "),
});

/**
 * Only what k6 has sent a moment ago. Prometheus keeps what it was sent last for five minutes, and a
 * run that has ended would look like one that goes on. k6 sends every 5 s.
 */
const stillSent = (series: string): string => `last_over_time(${series}[15s])`;

/** Series that k6 writes to Prometheus while a load run lasts; they name no exporter. */
export const K6 = {
  /** All requests, as a counter. */
  requests: "k6_http_reqs_total",
  /** P95 in seconds of the sentiment requests that were answered or too late, since the run began. */
  sentimentP95: stillSent('k6_answer_duration_p95{name="POST /v1/sentiment"}'),
  /** The same of status requests, one series for each scenario. */
  statusP95: stillSent('k6_answer_duration_p95{name="POST /v1/status"}'),
  /** What well-meant requests did not get, as a share of them, since the run began; by kind. */
  errors: stillSent("k6_request_errors_rate"),
  /** The share of the answers that passed a check, since the run began; by check. */
  checks: stillSent("k6_checks_rate"),
  /** Virtual users that wait for an answer. */
  users: stillSent("k6_vus"),
  /** Virtual users that are ready or at work. */
  allUsers: stillSent("k6_vus_max"),
} as const;
