import type { DataFrame } from "@grafana/data";
import { readLimits } from "../../data/limits-from-query.ts";
import { readSeries } from "../../data/read-series.ts";
import { resolveLimits } from "../../data/resolve-limits.ts";
import type { LimitRule } from "../../options.ts";

const SOURCES = {
  thresholds: "limit from thresholds",
  options: "limit from here",
  query: "limit from a query",
  none: "no limit",
} as const;

/** A series of the data and where its limits come from, for the editor. */
export interface FoundSeries {
  readonly name: string;
  readonly source: string;
}

/** The series that the data holds, each name once. */
export function foundSeries(
  frames: readonly DataFrame[],
  rules: readonly LimitRule[],
): readonly FoundSeries[] {
  const { records, rest } = readLimits(frames);
  const found = new Map<string, string>();
  for (const series of readSeries(rest, { at: 0, namedAmong: frames })) {
    const { source } = resolveLimits(series, { rules, records });
    if (!found.has(series.name)) found.set(series.name, SOURCES[source]);
  }
  return [...found].map(([name, source]) => ({ name, source }));
}
