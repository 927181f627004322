import { MAINTENANCE_LIMITS } from "@headroom/alerts/limits";
import { formatShare } from "@headroom/loadtest/report/format";
import { isHarmful } from "../change.ts";
import { type Measure, measures } from "../measures.ts";
import { checkedRow, type Row, unknownRow } from "../row.ts";
import { SECONDS, type Step } from "../step.ts";
import { hoursOfHistory } from "./history.ts";

const LIMIT = `worse by up to ${formatShare(MAINTENANCE_LIMITS.weeklyChange)}`;

/** Whether the key metrics of the last seven days are worse than those of the seven days before. */
export const trends: Step = {
  id: "trends",
  title: "This week is like the week before",
  async rows(examined) {
    const { prometheus, matchers, limits, at } = examined;
    const { historyHours } = MAINTENANCE_LIMITS;
    const hours = await hoursOfHistory(examined, { window: "1w", before: SECONDS.week });
    if (hours < historyHours) {
      const why = `Prometheus has less than ${historyHours} hours of the week before (${hours}).`;
      return [unknownRow({ id: trends.id, title: trends.title, limit: LIMIT }, why)];
    }
    const rows: Row[] = [];
    for (const measure of measures(limits)) {
      const query = measure.query(matchers, "1w");
      const now = await prometheus.value(query, at);
      const before = await prometheus.value(query, at - SECONDS.week);
      // What nobody uses, such as Redis or a method of attribution, has no row.
      if (Number.isFinite(now) || Number.isFinite(before))
        rows.push(judgeWeeks(measure, before, now));
    }
    return rows;
  },
};

/** Judges a week's value by that of the week before; either may be NaN. */
export function judgeWeeks(measure: Measure, before: number, now: number): Row {
  const row = { id: `week-${measure.id}`, title: `Week over week: ${measure.title}`, limit: LIMIT };
  if (!Number.isFinite(now)) return unknownRow(row, "Nothing was measured in this week.");
  if (!Number.isFinite(before)) {
    return unknownRow(row, "Nothing was measured in the week before.", measure.format(now));
  }
  const change = before === 0 ? "" : ` (${signed((now - before) / Math.abs(before))})`;
  const observed = `${measure.format(now)}, before ${measure.format(before)}${change}`;
  const worse = isHarmful(measure, { before, now, share: MAINTENANCE_LIMITS.weeklyChange });
  return checkedRow({ ...row, observed }, !worse, {
    detail: "Find on the dashboard the day on which it changed, and what was changed on it.",
    runbook: measure.runbook,
  });
}

const signed = (share: number): string => `${share > 0 ? "+" : ""}${formatShare(share)}`;
