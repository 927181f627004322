import { type MemoryLimit, memoryLimits } from "@headroom/alerts/limits";
import { MAINTENANCE_LIMITS } from "@headroom/alerts/maintenance";
import { formatBytes } from "@headroom/loadtest/report/format";
import { combinations, median } from "simple-statistics";
import type { Point } from "../prometheus-reader.ts";
import { checkedRow, limitRow, type Row, SECONDS, type Step, unknownRow } from "../step.ts";

/** So far back a trend is read, and so close its points lie, in seconds. */
const HISTORY = 6 * SECONDS.hour;
const STEP = 300;

/** The most memory that was used in the last day, in each scope that the exporter has a limit for. */
export const memoryPeak: Step = {
  id: "memory-peak",
  title: "Most memory used in the last day",
  async rows({ prometheus, matchers, exporter, at }) {
    const peaks = await prometheus.samples(
      `max by (scope) (max_over_time(headroom_memory_used_bytes{${matchers}}[1d]))`,
      at,
    );
    return memoryLimits("warning", exporter.limits).map((allowed) =>
      limitRow({
        id: `memory-peak-${allowed.scope}`,
        title: `${memoryPeak.title}, ${allowed.scope}`,
        limit: allowed,
        value: peaks.find(({ labels }) => labels["scope"] === allowed.scope)?.value ?? Number.NaN,
        missing: "Prometheus has no sample of it.",
        todo: "See what grew, and when, on the dashboard.",
        runbook: "HeadroomMemoryHigh",
      }),
    );
  },
};

/** Whether memory would reach its warning limit within a day if it went on as in the last 6 hours. */
export const memoryTrend: Step = {
  id: "memory-trend",
  title: "Memory does not reach its limit within a day",
  async rows({ prometheus, matchers, exporter, at }) {
    const rows: Row[] = [];
    for (const allowed of memoryLimits("warning", exporter.limits)) {
      const used = `max(headroom_memory_used_bytes{${matchers}, scope="${allowed.scope}"})`;
      const range = { start: at - HISTORY, end: at, step: STEP };
      rows.push(memoryTrendRow(await prometheus.curve(used, range), allowed));
    }
    return rows;
  },
};

/**
 * The trend of a curve of memory in bytes. A rise over the curve that is less than a small share of the
 * limit is a wave, as for HeadroomLimitForecast.
 */
export function memoryTrendRow(points: readonly Point[], allowed: MemoryLimit): Row {
  const row = {
    id: `memory-trend-${allowed.scope}`,
    title: `${memoryTrend.title}, ${allowed.scope}`,
    limit: `below ${formatBytes(allowed.upper)} in a day`,
  };
  const { trendHours, leastOfLimit } = MAINTENANCE_LIMITS;
  const [first, last] = [points[0], points.at(-1)];
  const seconds = first && last ? last.at - first.at : 0;
  if (!last || seconds < trendHours * SECONDS.hour) {
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

/**
 * The slope of a curve, a second: the median of the slopes between all pairs of points (Theil 1950, Sen
 * 1968). Up to 29 % of the points may be off without moving it much.
 */
function theilSenSlope(points: readonly Point[]): number {
  const pairs = combinations(points, 2) as [Point, Point][];
  return median(pairs.map(([a, b]) => (b.value - a.value) / (b.at - a.at)));
}
