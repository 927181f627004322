import type { DataFrame } from "@grafana/data";
import { readAlerts } from "../data/alerts-from-records.ts";
import { readLimits } from "../data/limits-from-records.ts";
import { pairSeries } from "../data/pair-series.ts";
import { readGrid } from "../data/read-grid.ts";
import { readSeries, type Series } from "../data/read-series.ts";
import { resolveLimits } from "../data/resolve-limits.ts";
import { buildMap, type LimitedSamples } from "../model/map/build-map.ts";
import type { QualityMap } from "../model/map/quality-map.ts";
import type { LimitsPanelOptions } from "../options.ts";
import { nowWithin } from "./ended.ts";
import type { Range } from "./use-lanes.ts";

/** The quality map of a panel's data, or why there is none. */
export type FoundMap =
  | { readonly map: QualityMap; readonly xSeries: Series; readonly ySeries: Series }
  | { readonly map: undefined; readonly problems: readonly string[] };

/**
 * Puts the panel's two series against each other. Names, units and mappings are those of the first
 * pair that has values.
 */
export function mapOf(
  frames: DataFrame[],
  options: Pick<LimitsPanelOptions, "gridX" | "gridY" | "limits" | "mapX" | "mapY">,
  range: Range,
): FoundMap {
  const { cells, rest: others } = readGrid(frames, options);
  const { records, rest } = readLimits(readAlerts(others).rest);
  const now = range.now ?? nowWithin(range.to);
  const { pairs, problems } = pairSeries(
    readSeries(rest, { at: now, namedAmong: frames }),
    options,
  );
  const limited = (series: Series): LimitedSamples => {
    const { limits } = resolveLimits(series, { rules: options.limits, records });
    return { times: series.times, values: series.values, limits };
  };
  const hasValues = ({ values }: Series) => values.some((value) => value !== null);
  const first = pairs.find(({ x, y }) => hasValues(x) && hasValues(y)) ?? pairs[0];
  if (!first) return { map: undefined, problems };
  const map = buildMap(
    pairs.map(({ x, y }) => ({ x: limited(x), y: limited(y) })),
    { ...range, now },
    cells,
  );
  return { map, xSeries: first.x, ySeries: first.y };
}
