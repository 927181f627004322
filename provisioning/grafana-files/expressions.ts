import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import { withEvidence } from "@headroom/alerts/rules/measures";
import { duration, PACE } from "@headroom/alerts/rules/pace";
import { INSTANCE } from "./instance.ts";

/** How far rates, means and quantiles look back: as far as the alerts. A Prometheus duration. */
export const WINDOW = duration(PACE.windowSeconds);

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
export function mean(histogram: string, by: string, ...matchers: readonly string[]): string {
  const part = (suffix: string): string => perSecond(`${histogram}_${suffix}`, by, ...matchers);
  return believed(`${part("sum")} / ${part("count")}`, `${histogram}_count`, by, ...matchers);
}

/** A quantile of a histogram, from 0 to 1, where it counted enough. */
export function quantile(
  share: number,
  histogram: string,
  by: string,
  ...matchers: readonly string[]
): string {
  const labels = by === "" ? "le" : `${by}, le`;
  const samples = `histogram_quantile(${share}, ${perSecond(`${histogram}_bucket`, labels, ...matchers)})`;
  return believed(samples, `${histogram}_count`, by, ...matchers);
}

/** A statistic of the window, only while what it is made of has grown as the recorded series ask. */
export function believed(
  samples: string,
  counter: string,
  by: string,
  ...matchers: readonly string[]
): string {
  const over = { window: WINDOW, by, matchers: [...matchers, INSTANCE].join(", ") };
  return withEvidence(samples, EVIDENCE.requests, counter, over);
}
