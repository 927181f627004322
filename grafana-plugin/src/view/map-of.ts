import type { DataFrame } from "@grafana/data";
import { readAlerts } from "../data/alerts-from-records.ts";
import { readLimits } from "../data/limits-from-records.ts";
import { pairSeries } from "../data/pair-series.ts";
import { type GridCell, readGrid } from "../data/read-grid.ts";
import { readSeries, type Series } from "../data/read-series.ts";
import { resolveLimits } from "../data/resolve-limits.ts";
import { buildMap, type LimitedSamples } from "../model/map/build-map.ts";
import type { QualityMap } from "../model/map/quality-map.ts";
import type { LimitsPanelOptions } from "../options.ts";
import { nowWithin } from "./ended.ts";
import type { Range } from "./use-lanes.ts";

/** The quality map of a panel's data, or why there is none. */
export type FoundMap =
  | {
      readonly map: QualityMap;
      readonly xSeries: Series;
      readonly ySeries: Series;
      /** Those that have messages, by name, where messages are counted in several grids. */
      readonly groups: readonly string[];
      /** The one of them that is shown; empty without any. */
      readonly group: string;
    }
  | { readonly map: undefined; readonly problems: readonly string[] };

/**
 * Puts the panel's two series against each other. Names, units and mappings are those of the first
 * pair that has values. Of several grids, such as those of methods that are not interchangeable, one is
 * shown with its own series: the wanted one while it has messages, else the one with the most.
 */
export function mapOf(
  frames: DataFrame[],
  options: Pick<LimitsPanelOptions, "gridX" | "gridY" | "gridBy" | "limits" | "mapX" | "mapY">,
  range: Range,
  wanted?: string,
): FoundMap {
  const { cells, rest: others } = readGrid(frames, options);
  const { groups, group } = groupsOf(cells, wanted);
  const isShown = (name = group) => group === "" || name === group;
  const { records, rest } = readLimits(readAlerts(others).rest);
  const now = range.now ?? nowWithin(range.to);
  const { pairs, problems } = pairSeries(
    readSeries(rest, { at: now, namedAmong: frames }).filter(({ labels }) =>
      isShown(labels[options.gridBy]),
    ),
    options,
  );
  const limited = (series: Series): LimitedSamples => {
    const { limits } = resolveLimits(series, { rules: options.limits, records });
    const { min, max } = series.field.config;
    return { times: series.times, values: series.values, limits, ends: { min, max } };
  };
  const hasValues = ({ values }: Series) => values.some((value) => value !== null);
  const first = pairs.find(({ x, y }) => hasValues(x) && hasValues(y)) ?? pairs[0];
  if (!first) return { map: undefined, problems };
  const map = buildMap(
    pairs.map(({ x, y }) => ({ x: limited(x), y: limited(y) })),
    { ...range, now },
    cells.filter((cell) => isShown(cell.group)),
  );
  return { map, xSeries: first.x, ySeries: first.y, groups, group };
}

function groupsOf(cells: readonly GridCell[], wanted = "") {
  const counts = new Map<string, number>();
  for (const { group, count } of cells) {
    if (count > 0) counts.set(group, count + (counts.get(group) ?? 0));
  }
  const [most = ""] = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!);
  return { groups: [...counts.keys()].sort(), group: counts.has(wanted) ? wanted : most };
}
