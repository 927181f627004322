import { MAINTENANCE_LIMITS, type MemoryLimit, memoryLimits } from "@headroom/alerts/limits";
import { formatBytes } from "@headroom/loadtest/report/format";
import type { Point } from "../prometheus-reader.ts";
import { checkedRow, type Row, unknownRow } from "../row.ts";
import { theilSenSlope } from "../slope.ts";
import { SECONDS, type Step } from "../step.ts";

/** So far back a trend is read, and so close its points lie, in seconds. */
const HISTORY = 6 * SECONDS.hour;
const STEP = 300;

/** Whether memory would reach its warning limit within a day if it went on as in the last 6 hours. */
export const memoryTrend: Step = {
  id: "memory-trend",
  title: "Memory does not reach its limit within a day",
  async rows({ prometheus, matchers, limits, at }) {
    const rows: Row[] = [];
    for (const allowed of memoryLimits("warning", limits)) {
      const used = `max(headroom_memory_used_bytes{${matchers}, scope="${allowed.scope}"})`;
      const range = { start: at - HISTORY, end: at, step: STEP };
      const points = await prometheus.curve(used, range);
      rows.push(judgeMemoryTrend(points, allowed));
    }
    return rows;
  },
};

/**
 * Judges a curve of memory in bytes by its Theil-Sen slope. A rise over the curve that is less than a
 * small share of the limit is a wave, as for HeadroomLimitForecast.
 */
export function judgeMemoryTrend(points: readonly Point[], allowed: MemoryLimit): Row {
  const row = {
    id: `memory-trend-${allowed.scope}`,
    title: `${memoryTrend.title}, ${allowed.scope}`,
    limit: `below ${formatBytes(allowed.upper)} in a day`,
  };
  const { trendHours, leastOfLimit } = MAINTENANCE_LIMITS;
  const [first, last] = [points[0], points.at(-1)];
  const seconds = first && last ? last.at - first.at : 0;
  if (!first || !last || seconds < trendHours * SECONDS.hour) {
    return unknownRow(row, `A trend needs ${trendHours} h of history.`);
  }
  const slope = theilSenSlope(points);
  const grows = slope * seconds >= leastOfLimit * allowed.upper;
  const ahead = last.value + slope * SECONDS.day;
  const observed = grows
    ? `${formatBytes(ahead)} in a day`
    : `no trend, ${formatBytes(last.value)} now`;
  return checkedRow({ ...row, observed }, !grows || ahead < allowed.upper, {
    detail: `It grows by ${formatBytes(slope * SECONDS.hour)} an hour: find what grows before it is full.`,
    runbook: "HeadroomLimitForecast",
  });
}
