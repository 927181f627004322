import type { Limit } from "@headroom/alerts/limits";
import { MAINTENANCE_LIMITS } from "@headroom/alerts/maintenance";
import { formatShare } from "@headroom/loadtest/report/format";
import { mean, median, medianAbsoluteDeviation } from "simple-statistics";
import type { Examined } from "../examine.ts";
import { type Measure, measures } from "../measures.ts";
import { checkedRow, type Row, SECONDS, type Step, unknownRow } from "../step.ts";

const { robustZ, leastAnomaly, weeklyChange, historyHours, leastOfLimit } = MAINTENANCE_LIMITS;

const AS_USUAL = `|z| up to ${robustZ}`;
const AS_BEFORE = `worse by up to ${formatShare(weeklyChange)}`;

/**
 * Whether the key metrics of the last hour are unlike those of the hours of the seven days before.
 * The hours of a night are among them, so what is usual once a day is no anomaly.
 */
export const anomalies: Step = {
  id: "anomalies",
  title: "The last hour is like the 7 days before",
  async rows(examined) {
    const { prometheus, matchers, exporter, at } = examined;
    const [start, end] = [at - SECONDS.week, at - SECONDS.hour];
    const hours = await hoursOfHistory(examined, end);
    if (hours < historyHours) {
      const why = `Prometheus has less than ${historyHours} hours of the exporter (${hours}) to compare with.`;
      return [unknownRow({ ...anomalies, limit: AS_USUAL }, why)];
    }
    const rows: Row[] = [];
    for (const measure of measures(exporter.limits)) {
      const query = measure.query(matchers, "1h");
      const past = await prometheus.curve(query, { start, end, step: SECONDS.hour });
      const now = await prometheus.value(query, at);
      // What nobody uses, such as Redis or a method of attribution, has no row.
      if (past.length === 0 && !Number.isFinite(now)) continue;
      const values = past.map(({ value }) => value);
      rows.push(anomalyRow(measure, values, now));
    }
    return rows;
  },
};

/**
 * The value of the last hour beside those of past hours.
 *
 * @param now - NaN when nothing was measured
 */
export function anomalyRow(measure: Measure, past: readonly number[], now: number): Row {
  const row = { id: `anomaly-${measure.id}`, title: `As usual: ${measure.title}`, limit: AS_USUAL };
  if (!Number.isFinite(now)) return unknownRow(row, "Nothing was measured in the last hour.");
  if (past.length < historyHours) {
    return unknownRow(
      row,
      `Only ${past.length} of the past hours have a value; ${historyHours} are needed.`,
      measure.format(now),
    );
  }
  const { middle, z } = placeAmong(past, now);
  const share = leastAnomaly;
  const odd = Math.abs(z) > robustZ && isHarmful(measure, { before: middle, now, share });
  const usual = measure.format(middle);
  const observed = `${measure.format(now)}, usually ${usual} (z ${z.toFixed(1)})`;
  return checkedRow({ ...row, observed }, !odd, {
    detail: `The last hour is unlike the past days (median ${usual}): look at the dashboard for when it began, and what changed then.`,
    runbook: measure.runbook,
  });
}

/** Whether the key metrics of the last seven days are worse than those of the seven days before. */
export const trends: Step = {
  id: "trends",
  title: "This week is like the week before",
  async rows(examined) {
    const { prometheus, matchers, exporter, at } = examined;
    const hours = await hoursOfHistory(examined, at - SECONDS.week);
    if (hours < historyHours) {
      const why = `Prometheus has less than ${historyHours} hours of the week before (${hours}).`;
      return [unknownRow({ ...trends, limit: AS_BEFORE }, why)];
    }
    const rows: Row[] = [];
    for (const measure of measures(exporter.limits)) {
      const query = measure.query(matchers, "1w");
      const now = await prometheus.value(query, at);
      const before = await prometheus.value(query, at - SECONDS.week);
      // What nobody uses, such as Redis or a method of attribution, has no row.
      if (Number.isFinite(now) || Number.isFinite(before)) rows.push(weekRow(measure, before, now));
    }
    return rows;
  },
};

/** A week's value beside that of the week before; either may be NaN. */
export function weekRow(measure: Measure, before: number, now: number): Row {
  const { id, title, format, runbook } = measure;
  const row = { id: `week-${id}`, title: `Week over week: ${title}`, limit: AS_BEFORE };
  if (!Number.isFinite(now)) return unknownRow(row, "Nothing was measured in this week.");
  if (!Number.isFinite(before)) {
    return unknownRow(row, "Nothing was measured in the week before.", format(now));
  }
  const share = (now - before) / Math.abs(before);
  const change = before === 0 ? "" : ` (${share > 0 ? "+" : ""}${formatShare(share)})`;
  const observed = `${format(now)}, before ${format(before)}${change}`;
  const worse = isHarmful(measure, { before, now, share: weeklyChange });
  return checkedRow({ ...row, observed }, !worse, {
    detail: "Find on the dashboard the day on which it changed, and what was changed on it.",
    runbook,
  });
}

/** How many hours of the week until a time hold samples of the exporter. */
async function hoursOfHistory({ prometheus, matchers }: Examined, end: number): Promise<number> {
  const hours = await prometheus.value(`max(count_over_time(up{${matchers}}[1w:1h]))`, end);
  return Number.isNaN(hours) ? 0 : hours;
}

/**
 * Whether a change from `before` to `now` is trouble: into the harmful direction, by more than `share`
 * of what was, and by enough of the measure's limit to matter.
 */
export function isHarmful(
  { harmful, limit }: Pick<Measure, "harmful" | "limit">,
  { before, now, share }: { readonly before: number; readonly now: number; readonly share: number },
): boolean {
  const distance = now - before;
  if (harmful === "up" && distance <= 0) return false;
  if (harmful === "down" && distance >= 0) return false;
  const size = Math.abs(distance);
  return size > share * Math.abs(before) && size >= leastOfLimit * extent(limit);
}

/** What a limit allows values to move by: up to it from zero, or across its band. */
function extent(limit: Limit | undefined): number {
  switch (limit?.bound) {
    case undefined:
      return 0;
    case "upper":
      return limit.upper;
    case "lower":
      return limit.lower;
    case "band":
      return limit.upper - limit.lower;
  }
}

/** 0.75 quantile of the normal distribution: the MAD of normal values is 0.6745 standard deviations. */
const MAD_OF_NORMAL = 0.6745;
/** The square root of pi / 2: a standard deviation in mean absolute deviations. */
const MEAN_DEVIATIONS = 1.253314;

/**
 * The modified z-score of Iglewicz and Hoaglin (1993), 0.6745 (x - median) / MAD. A single outlier
 * moves neither the median nor the MAD (the median absolute deviation), so past trouble does not hide
 * trouble of today. When more than half of the past is one value, the MAD is 0 and the mean absolute
 * deviation takes its place, as in IBM's Cognos Analytics: (x - median) / (1.253314 MeanAD).
 *
 * @param past - at least one number
 * @returns the median with it; z is infinite when the past never varied and the value differs
 */
export function placeAmong(past: readonly number[], value: number): { middle: number; z: number } {
  const middle = median(past);
  const distance = value - middle;
  if (distance === 0) return { middle, z: 0 };
  const mad = medianAbsoluteDeviation(past);
  const scale =
    mad > 0
      ? mad / MAD_OF_NORMAL
      : MEAN_DEVIATIONS * mean(past.map((one) => Math.abs(one - middle)));
  return { middle, z: distance / scale };
}
