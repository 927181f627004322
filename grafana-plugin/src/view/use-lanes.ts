import type { DataFrame } from "@grafana/data";
import { useMemo } from "react";
import { readLimits } from "../data/limits-from-records.ts";
import { readSeries, type Series } from "../data/read-series.ts";
import { resolveLimits } from "../data/resolve-limits.ts";
import { buildLane } from "../model/lane/build-lane.ts";
import type { Lane } from "../model/lane/lane.ts";
import { orderLanes } from "../model/lane/order.ts";
import type { LimitsPanelOptions } from "../options.ts";
import { nowWithin } from "./ended.ts";

/** A lane and the series that it was made of, which holds units, mappings and links. */
export interface LimitedSeries {
  readonly lane: Lane;
  readonly series: Series;
}

type LaneOptions = Pick<LimitsPanelOptions, "limits" | "nearRatio" | "order" | "showForecast">;

/** The visible range, milliseconds since 1970. */
export interface Range {
  readonly from: number;
  readonly to: number;
  /** See {@link nowWithin}, which it is by default. */
  readonly now?: number;
}

/**
 * The lanes of a panel's data in the order in which they are shown.
 */
export function lanesOf(
  frames: DataFrame[],
  options: LaneOptions,
  range: Range,
): readonly LimitedSeries[] {
  const { records, rest } = readLimits(frames);
  const now = range.now ?? nowWithin(range.to);
  const items = readSeries(rest, { at: now, namedAmong: frames }).map((series) => {
    const { limits } = resolveLimits(series, { rules: options.limits, records });
    const { id, name, times, values } = series;
    const { nearRatio, showForecast } = options;
    const lane = buildLane(
      { id, name, times, values, limits },
      { ...range, now, nearRatio, showForecast },
    );
    return { lane, series };
  });
  const byId = new Map(items.map((item) => [item.lane.id, item]));
  return orderLanes(
    items.map(({ lane }) => lane),
    options.order,
  ).map(({ id }) => byId.get(id)!);
}

/** {@link lanesOf}, computed again only when data, options or range change: never while hovering. */
export function useLanes(
  frames: DataFrame[],
  options: LaneOptions,
  { from, to, now }: Required<Range>,
): readonly LimitedSeries[] {
  const { limits, nearRatio, order, showForecast } = options;
  return useMemo(
    () => lanesOf(frames, { limits, nearRatio, order, showForecast }, { from, to, now }),
    [frames, limits, nearRatio, order, showForecast, from, to, now],
  );
}
