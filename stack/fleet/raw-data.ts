import { ERROR_OUTCOMES, EXCLUDED_OUTCOMES } from "@headroom/alerts/limits";
import { isAlert } from "@headroom/alerts/rules/group";
import { ruleGroups } from "@headroom/alerts/rules/index";
import type { RuleOptions } from "@headroom/alerts/rules/options";
import { duration } from "@headroom/alerts/rules/pace";

/** A series as it was scraped, between two times: [seconds since 1970, value]. */
export interface RawSeries {
  readonly labels: Labels;
  readonly values: readonly (readonly [number, number])[];
}

type Labels = Readonly<Record<string, string>>;

/** What a rule recorded, and what follows from the raw data of all exporters. */
export interface Compared {
  readonly record: string;
  readonly labels: Labels;
  readonly recorded: number;
  readonly computed: number;
}

/** Prometheus extrapolates a growth to the edges of its window, each series by its own scrapes. */
const TOLERANCE = 0.05;

/** Whether the two agree: within a twentieth, or both next to nothing. */
export const agrees = ({ recorded, computed }: Compared): boolean =>
  Math.abs(recorded - computed) <= Math.max(TOLERANCE * Math.abs(computed), 1e-6);

/** What a counter grew by; nothing starts anew while it is looked at. */
const growth = ({ values }: RawSeries): number => values.at(-1)![1] - values[0]![1];

const sum = (series: readonly RawSeries[], of: (one: RawSeries) => number = growth): number =>
  series.reduce((total, one) => total + of(one), 0);

/** How much a second, each series over the time between its own scrapes. */
const perSecond = (series: readonly RawSeries[]): number =>
  sum(series, (one) => growth(one) / (one.values.at(-1)![0] - one.values[0]![0]));

/**
 * A quantile from the buckets of many exporters, each bucket summed up before: within a bucket as if the
 * values lay evenly.
 *
 * @param buckets - counters with the label `le`
 */
export function quantileOf(share: number, buckets: readonly RawSeries[]): number {
  const byEdge = Map.groupBy(buckets, ({ labels }) =>
    Number(labels["le"]!.replace("+Inf", "Infinity")),
  );
  const counts = [...byEdge].map(([edge, of]) => ({ edge, count: sum(of) }));
  counts.sort((a, b) => a.edge - b.edge);
  const rank = share * (counts.at(-1)?.count ?? 0);
  const found = counts.findIndex(({ count }) => count >= rank);
  const below = counts[found - 1] ?? { edge: 0, count: 0 };
  const { edge, count } = counts[found]!;
  if (edge === Infinity) return below.edge;
  return below.edge + ((edge - below.edge) * (rank - below.count)) / (count - below.count);
}

type Matches = (labels: Labels) => boolean;
type Select = (metric: string, matches?: Matches) => readonly RawSeries[];

const isOneOf =
  (label: string, values: readonly string[]): Matches =>
  (labels) =>
    values.includes(labels[label]!);

/** What is computed here of all that is recorded, by the name without level and window. */
const COMPUTED: Readonly<Record<string, (select: Select) => number>> = {
  "sentiment_requests:rate": (select) => perSecond(select("sentiment_requests_total")),
  "sentiment_messages:rate": (select) => perSecond(select("sentiment_messages_total")),
  "sentiment_request_duration_seconds:p95_rate": (select) =>
    quantileOf(0.95, select("sentiment_request_duration_seconds_bucket")),
  "headroom_request_errors_per_requests:ratio_rate": (select) => {
    const requests = "sentiment_requests_total";
    const excluded = isOneOf("outcome", EXCLUDED_OUTCOMES);
    return (
      sum(select(requests, isOneOf("outcome", ERROR_OUTCOMES))) /
      sum(select(requests, (labels) => !excluded(labels)))
    );
  },
  "headroom_cache_hits_per_requests:ratio_rate": (select) => {
    const lookups = "headroom_cache_requests_total";
    return sum(select(lookups, isOneOf("result", ["hit"]))) / sum(select(lookups));
  },
};

/** What that is computed from. */
const METRICS = [
  "sentiment_requests_total",
  "sentiment_messages_total",
  "sentiment_request_duration_seconds_bucket",
  "headroom_cache_requests_total",
];

/** Labels by which recorded series are told apart, and raw ones as well. */
const SHARED = ["job", "instance", "outcome", "source", "cache", "tier"];

/** A scrape that is under way is older than a rule that does not see it yet: so many are looked at. */
const EVALUATIONS = 5;

/**
 * Holds what the rules recorded, of each exporter and of all together, against the raw data that it was
 * computed from. Of the last evaluations of a rule the one in the middle counts.
 *
 * @param rules - as Prometheus has them
 * @throws Error when Prometheus does not answer
 */
export async function compareRules(
  prometheus: string,
  rules: RuleOptions,
): Promise<readonly Compared[]> {
  const { windowSeconds } = rules.pace;
  const window = duration(windowSeconds);
  const raw = await Promise.all(
    METRICS.map(
      async (metric) => [metric, await seriesOf(prometheus, metric, 2 * windowSeconds)] as const,
    ),
  );
  const metrics = new Map(raw);
  const found: Compared[] = [];
  for (const rule of ruleGroups(rules).flatMap((group) => group.rules)) {
    if (isAlert(rule)) continue;
    const name = rule.record.replace(/^[^:]+:/, "").replace(new RegExp(`${window}$`), "");
    const compute = COMPUTED[name];
    if (!compute) continue;
    for (const { labels, values } of await seriesOf(prometheus, rule.record, windowSeconds)) {
      if ((labels["work"] ?? "sentiment") !== "sentiment") continue;
      const compared = values.slice(-EVALUATIONS).map(([at, recorded]) => {
        const select: Select = (metric, matches = () => true) =>
          metrics
            .get(metric)!
            .filter((one) => isPartOf(one.labels, labels) && matches(one.labels))
            .map((one) => within(one, at - windowSeconds, at))
            .filter((one) => one.values.length > 1);
        return { record: rule.record, labels, recorded, computed: compute(select) };
      });
      compared.sort((a, b) => distance(a) - distance(b));
      found.push(compared[Math.floor(compared.length / 2)]!);
    }
  }
  return found;
}

const distance = ({ recorded, computed }: Compared): number => Math.abs(recorded - computed);

/** Whether a raw series is among those that were summed up under these labels. */
const isPartOf = (raw: Labels, recorded: Labels): boolean =>
  SHARED.every((label) => (recorded[label] ?? raw[label]) === raw[label]);

const within = ({ labels, values }: RawSeries, after: number, to: number): RawSeries => ({
  labels,
  values: values.filter(([at]) => at > after && at <= to),
});

/** A metric's series over the last so many seconds. */
async function seriesOf(
  prometheus: string,
  metric: string,
  seconds: number,
): Promise<readonly RawSeries[]> {
  const query = new URLSearchParams({ query: `{__name__="${metric}"}[${seconds}s]` });
  const answer = await fetch(`${prometheus}/api/v1/query?${query}`);
  if (!answer.ok) throw new Error(`Prometheus does not answer ${query}: ${await answer.text()}`);
  const { data } = (await answer.json()) as {
    data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
  };
  return data.result.map(({ metric: labels, values }) => ({
    labels,
    values: values.map(([time, value]) => [time, Number(value)] as const),
  }));
}
