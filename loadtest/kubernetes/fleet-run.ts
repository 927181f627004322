import { limitsWithin, LIMITS } from "@headroom/alerts/limits";
import { JOBS } from "@headroom/alerts/rules/options";
import type { Profile } from "../plan/profiles.ts";
import { assess } from "../report/assessment.ts";
import { formatSeconds } from "../report/format.ts";
import { readK6Figures } from "../report/k6-figures.ts";
import { measure } from "../report/measurements.ts";
import type { Sample } from "../report/prometheus-text.ts";
import type { Shown } from "../report/report.ts";
import { readIdentity, readSnapshot } from "../report/snapshot.ts";
import { CouldNotRun } from "../run/could-not-run.ts";
import { summaryOf } from "./k6-sums.ts";
import { nameOf } from "./test-run.ts";

/** Queries of a Prometheus; times are seconds since 1970. */
export interface Queries {
  samples(query: string, at: number): Promise<readonly Omit<Sample, "name">[]>;
  curve(
    query: string,
    range: { readonly start: number; readonly end: number; readonly step: number },
  ): Promise<readonly { readonly at: number; readonly value: number }[]>;
}

/** Which run is looked for. */
export interface FleetRun {
  readonly profile: Profile;
  /** Seconds since 1970 after which it began. */
  readonly since: number;
  readonly now: number;
  /** When it is known; only told. */
  readonly firstMessage?: number | undefined;
}

/** k6 sends every second; what it has not sent for so long has ended. */
const STILL_SECONDS = 15;

/** The last scrape of the exporters comes at most so long after the load; see `INTERVALS` of provisioning. */
const SCRAPE_SECONDS = 5;

const JOB = `job="${JOBS.exporter}"`;

/** What is read of the exporters, as far as it is counted. */
const COUNTERS = [
  "sentiment_requests_total",
  "sentiment_messages_total",
  "headroom_cache_requests_total",
  "headroom_status_requests_total",
  "headroom_chat_requests_total",
];
const HISTOGRAMS = [
  "sentiment_request_duration_seconds",
  "headroom_queue_wait_seconds",
  "sentiment_batch_duration_seconds",
  "sentiment_batch_size",
  "headroom_status_duration_seconds",
  "gen_ai_server_time_to_first_token_seconds",
  "gen_ai_server_time_per_output_token_seconds",
  "attribution_entropy_nats",
  "attribution_sparsity_ratio",
];

/** What Prometheus knows a target by; all exporters are one here. */
const TARGET = "instance, pod, namespace, service, endpoint, container";

/**
 * Assesses a run of several k6 against several exporters after it has ended, by what Prometheus was sent and
 * scraped: the same report as of one k6, of the sums. No pod has to know of the others, and none has to answer.
 *
 * @throws CouldNotRun when no such run is found
 */
export async function assessFleetRun(prometheus: Queries, run: FleetRun): Promise<Shown> {
  const { profile } = run;
  const time = await timeOf(prometheus, run);
  const k6 = await k6Samples(prometheus, nameOf(profile), time);
  const exporters = await exporterSamples(prometheus, time);
  const [exporter] = exporters.identities;
  if (!exporter) throw nothing("Prometheus has no exporter", `no headroom_build_info with ${JOB}`);
  const attribution = profile.sentiment?.attribution;
  const before = readSnapshot(
    [{ name: "process_start_time_seconds", labels: {}, value: 0 }],
    0,
    attribution,
  );
  const after = readSnapshot(exporters.samples, time.seconds, attribution);
  const limits = limitsWithin(after.capacityBytes, LIMITS);
  const isComplete = time.seconds > profile.durationSeconds - STILL_SECONDS;
  const figures = readK6Figures(summaryOf(k6, profile, time.seconds), profile);
  const measurements = measure({
    ...{ profile, complete: isComplete, k6: figures, limits },
    snapshots: [before, after],
    answersAfter: exporters.identities.length > 0,
  });
  return {
    profile,
    startedAt: new Date(1_000 * time.start).toISOString(),
    target: `the service of ${exporters.identities.length} exporters`,
    firstMessage: run.firstMessage ?? Number.NaN,
    exporter,
    fleet: {
      exporters: exporters.identities.length,
      pods: new Set(k6.map(({ labels }) => labels["instance_id"])).size,
    },
    measurements,
    ...assess(profile, measurements, limits),
    gains: [],
    notes: [
      "counts are sums over all pods; of k6's quantiles the greatest of a pod stands for all, which is at least " +
        "that of all together",
      ...(isComplete
        ? []
        : [`the run took ${formatSeconds(time.seconds)} of ${profile.durationSeconds} s`]),
    ],
  };
}

interface Time {
  readonly start: number;
  readonly end: number;
  readonly seconds: number;
}

/** The last time in which k6 sent figures of this profile without a break. */
async function timeOf(prometheus: Queries, { profile, since, now }: FleetRun): Promise<Time> {
  const name = nameOf(profile);
  const requests = `k6_http_reqs_total{testrun_name="${name}"}`;
  const sent = `count(last_over_time(${requests}[${STILL_SECONDS}s]))`;
  const step = Math.max(1, Math.ceil((now - since) / 10_000));
  const points = await prometheus.curve(sent, { start: since, end: now, step });
  const last = points.at(-1);
  if (!last) {
    throw nothing(
      `Prometheus has no run of ${name}`,
      `no ${requests} since ${new Date(1_000 * since).toISOString()}`,
    );
  }
  const breakAt = points.findLastIndex(({ at }, i) => i > 0 && at - points[i - 1]!.at > 1.5 * step);
  const start = points[Math.max(0, breakAt)]!.at - step;
  const [latest] = await prometheus.samples(`max(timestamp(${requests}))`, last.at);
  const end = Math.max(start + 1, latest?.value ?? last.at);
  return { start, end, seconds: end - start };
}

/** The last of everything that the pods sent. */
async function k6Samples(
  prometheus: Queries,
  name: string,
  { end, seconds }: Time,
): Promise<Sample[]> {
  const range = Math.ceil(seconds + 2 * STILL_SECONDS);
  const query = `last_over_time({__name__=~"k6_.+", testrun_name="${name}"}[${range}s])`;
  return (await prometheus.samples(query, end + STILL_SECONDS)).map(({ labels, value }) => {
    const { __name__: name = "", ...tags } = labels;
    return { name, labels: tags, value };
  });
}

/** The exporters as if they were one that began with the run: what was counted in it, and the most memory. */
async function exporterSamples(prometheus: Queries, { end, seconds }: Time) {
  const at = end + SCRAPE_SECONDS;
  const range = `${Math.ceil(seconds + 2 * SCRAPE_SECONDS)}s`;
  const named = async (name: string, query: string): Promise<Sample[]> =>
    (await prometheus.samples(query, at)).map((sample) => ({ ...sample, name }));
  const grown = (name: string) =>
    named(name, `sum without (${TARGET}) (increase(${name}{${JOB}}[${range}]))`);
  const names = [
    ...COUNTERS,
    ...HISTOGRAMS.flatMap((name) => [`${name}_bucket`, `${name}_count`, `${name}_sum`]),
  ];
  const memory = (metric: string, which: "max" | "min") =>
    named(metric, `${which} by (scope) (${which}_over_time(${metric}{${JOB}}[${range}]))`);
  const samples = await Promise.all([
    ...names.map(grown),
    memory("headroom_memory_used_bytes", "max"),
    memory("headroom_memory_capacity_bytes", "min"),
    // Above 0 when one was started again: then not the same as before.
    named(
      "process_start_time_seconds",
      `sum(changes(process_start_time_seconds{${JOB}}[${range}]))`,
    ),
  ]);
  const models = await named("headroom_model_info", `headroom_model_info{${JOB}}`);
  const builds = await named("headroom_build_info", `headroom_build_info{${JOB}}`);
  return {
    samples: samples.flat(),
    identities: builds.flatMap((build) => readIdentity([build, ...models]) ?? []),
  };
}

const nothing = (what: string, why: string): CouldNotRun =>
  new CouldNotRun(
    what,
    why,
    "Name the Prometheus that scrapes the fleet and takes k6's remote write, with --prometheus",
  );
