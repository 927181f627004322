import { OUTCOME_MEANS, outcomeOfStatus } from "@headroom/alerts/limits";
import { METRICS, seriesRead } from "../plan/k6-metrics.ts";
import type { Profile } from "../plan/profiles.ts";
import { hasLabels, type Sample } from "../report/prometheus-text.ts";

const PREFIX = "k6_";

/** Trends of times: k6 keeps milliseconds and tells Prometheus seconds, also of their number. */
const TIMES: readonly string[] = [METRICS.answerDuration, METRICS.firstToken, METRICS.outputToken];

/** Rates of messages, which are as many as have an entropy. */
const OF_MESSAGES: readonly string[] = [
  METRICS.entropyInRange,
  METRICS.sparsityInRange,
  METRICS.bothInRange,
];

/** k6's quantiles by the names that Prometheus has them under. */
const QUANTILES = { med: "med", p90: "p(90)", p95: "p(95)", p99: "p(99)" } as const;

type Values = Record<string, number>;

/**
 * What the summary of one k6 would say, from the series of several that each ran a segment; see
 * `readK6Figures`. Counts add up, and so do means and shares by their weights. Quantiles do not: the greatest of
 * all pods stands for them. That of all together is at most as great, so no limit looks kept that is not.
 *
 * @param samples - the last ones of k6's series, one set a pod (the label `instance_id`)
 * @param seconds - how long the run took
 */
export function summaryOf(samples: readonly Sample[], profile: Profile, seconds: number): string {
  const own = samples.filter(({ name }) => name.startsWith(PREFIX));
  const wanted = [...seriesRead(profile), ...Object.values(METRICS), "dropped_iterations"];
  return JSON.stringify({
    seconds,
    metrics: Object.fromEntries(wanted.map((key) => [key, valuesOf(own, key)])),
    checks: checksOf(own),
  });
}

/** `metric{tag:value}` in its two parts. */
function partsOf(key: string): readonly [metric: string, tags: Readonly<Record<string, string>>] {
  const [metric = "", tags] = key.split(/[{}]/);
  const pairs = tags?.split(",").map((pair) => {
    const at = pair.indexOf(":");
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return [metric, Object.fromEntries(pairs ?? [])];
}

function valuesOf(samples: readonly Sample[], key: string): Values {
  const [metric, tags] = partsOf(key);
  const of = (suffix: string) =>
    samples.filter((one) => one.name === `${PREFIX}${metric}_${suffix}` && hasLabels(one, tags));
  const totals = of("total");
  if (totals.length > 0) return { count: sum(totals) };
  const rates = of("rate");
  if (rates.length > 0) return rateOf(samples, metric, rates);
  const counts = of("count");
  return counts.length > 0 ? trendOf(of, counts, TIMES.includes(metric) ? 1_000 : 1) : {};
}

/** A share of each pod, weighed by how many it is of. */
function rateOf(samples: readonly Sample[], metric: string, rates: readonly Sample[]): Values {
  let [passes, all] = [0, 0];
  for (const { labels, value } of rates) {
    const ofPod = samples.filter((one) => one.labels["instance_id"] === labels["instance_id"]);
    const count = OF_MESSAGES.includes(metric)
      ? sum(ofPod.filter(({ name }) => name === `${PREFIX}${METRICS.entropy}_count`))
      : wellMeant(ofPod, labels["name"]);
    passes += value * count;
    all += count;
  }
  return { rate: passes / all, passes: Math.round(passes), fails: Math.round(all - passes) };
}

function wellMeant(samples: readonly Sample[], request: string | undefined): number {
  return sum(
    samples.filter(
      ({ name, labels }) =>
        name === `${PREFIX}http_reqs_total` &&
        (request === undefined || labels["name"] === request) &&
        OUTCOME_MEANS[outcomeOfStatus(Number(labels["status"]))] !== "excluded",
    ),
  );
}

function trendOf(
  of: (suffix: string) => readonly Sample[],
  counts: readonly Sample[],
  scale: number,
): Values {
  const count = scale * sum(counts);
  const weighed = of("avg").map((mean) => {
    const own = counts.find(({ labels }) => hasLabels(mean, labels));
    return mean.value * scale * (own?.value ?? 0);
  });
  const all = (suffix: string) => of(suffix).map(({ value }) => scale * value);
  return {
    count,
    avg: (scale * weighed.reduce((total, value) => total + value, 0)) / count,
    min: Math.min(...all("min")),
    max: Math.max(...all("max")),
    ...Object.fromEntries(
      Object.entries(QUANTILES).map(([suffix, name]) => [name, Math.max(...all(suffix))]),
    ),
  };
}

/** Every check with how often it held: by the requests of a pod that were answered. */
function checksOf(samples: readonly Sample[]) {
  const found = new Map<string, { passes: number; fails: number }>();
  for (const { name, labels, value } of samples) {
    const check = labels["check"];
    if (name !== `${PREFIX}checks_rate` || check === undefined) continue;
    const answered = sum(
      samples.filter(
        (one) =>
          one.name === `${PREFIX}http_reqs_total` &&
          one.labels["status"] === "200" &&
          one.labels["instance_id"] === labels["instance_id"],
      ),
    );
    // One that failed once in a million has failed.
    const fails = value === 1 ? 0 : Math.max(1, Math.round((1 - value) * answered));
    const known = found.get(check) ?? { passes: 0, fails: 0 };
    found.set(check, {
      passes: known.passes + Math.max(0, answered - fails),
      fails: known.fails + fails,
    });
  }
  return [...found].map(([name, counts]) => ({ name, ...counts }));
}

const sum = (samples: readonly Sample[]): number =>
  samples.reduce((total, { value }) => total + value, 0);
