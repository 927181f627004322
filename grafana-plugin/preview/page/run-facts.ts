import { stepOf } from "./frames.ts";
import { queryInstant, queryRange, type Moments, type Series } from "./prometheus.ts";
import { interpolate } from "./variables.ts";

/** What the exporters behind a dashboard say of themselves, as far as it concerns the whole page. */
export interface RunFacts {
  /** The exporters whose engine makes its answers up. */
  readonly simulated: readonly string[];
  /** Whether, and since when, nobody asks them anything; undefined while somebody does. */
  readonly quiet?: Quiet;
}

/** No requests. `since` is in milliseconds, and the range's beginning when they ended `before` it. */
export type Quiet = "never" | { readonly since: number; readonly before: boolean };

/** Within the dashboard's exporters. Told as long as anything of the range is. */
const SIMULATED =
  'last_over_time(headroom_build_info{simulated="true", instance=~"$instance"}[$__range])';

const REQUESTS =
  "sum by (instance) ({__name__=~" +
  '"sentiment_requests_total|headroom_status_requests_total|headroom_chat_requests_total", ' +
  'instance=~"$instance"})';

/** As long as the dashboards' figures look back: then they have no values any more. */
const QUIET_MS = 60_000;

/**
 * Asks for it.
 *
 * @param values - what variables stand for in PromQL
 * @throws PrometheusError when a query fails
 */
export async function askRunFacts(
  range: Moments,
  values: ReadonlyMap<string, string>,
  scrapeIntervalMs: number,
  signal: AbortSignal,
): Promise<RunFacts> {
  const stepMs = stepOf(range, Math.max(scrapeIntervalMs, (range.to - range.from) / 1_000));
  const [simulated, requests] = await Promise.all([
    queryInstant(interpolate(SIMULATED, values), range.to, signal),
    queryRange(interpolate(REQUESTS, values), range, stepMs, signal),
  ]);
  const quiet = quietOf(requests, range, Math.max(QUIET_MS, 2 * stepMs));
  return {
    simulated: [...new Set(simulated.map(({ metric }) => metric["instance"] ?? ""))].sort(),
    ...(quiet && { quiet }),
  };
}

/**
 * When counters grew for the last time. A counter that falls began anew.
 *
 * @param waitMs - for so long nobody may ask before it is told
 * @returns undefined while some grow, or where there are none
 */
export function quietOf(
  counters: readonly Series[],
  { from, to }: Moments,
  waitMs: number,
): Quiet | undefined {
  const all = counters.map(({ values }) => values.map(([at, text]) => [1_000 * at, Number(text)]));
  if (all.every((points) => points.length === 0)) return undefined;
  const grown = all.flatMap((points) =>
    points.slice(1).flatMap(([at = 0, count = 0], i) => (count > points[i]![1]! ? [at] : [])),
  );
  const last = Math.max(from, ...grown);
  if (to - last <= waitMs) return undefined;
  if (grown.length > 0) return { since: last, before: false };
  const asked = all.some((points) => points.some(([, count = 0]) => count > 0));
  return asked ? { since: from, before: true } : "never";
}
