import type { DataFrame } from "@grafana/data";
import { useMemo, useState } from "react";
import { alertsOf, readAlerts } from "../data/alerts-from-records.ts";
import { isSameName, limitNames, readLimits } from "../data/limits-from-records.ts";
import { readSeries, type Series } from "../data/read-series.ts";
import { resolveLimits } from "../data/resolve-limits.ts";
import { buildLane } from "../model/lane/build-lane.ts";
import type { Lane } from "../model/lane/lane.ts";
import { type KeptOrder, keptOrder } from "../model/lane/order.ts";
import type { LimitsPanelOptions } from "../options.ts";
import { nowWithin } from "./ended.ts";

/** A lane and the series that it was made of, which holds units, mappings and links. */
export interface LimitedSeries {
  readonly lane: Lane;
  readonly series: Series;
}

type LaneOptions = Pick<LimitsPanelOptions, "advice" | "limits" | "nearRatio" | "showForecast">;

/** The visible range, milliseconds since 1970. */
export interface Range {
  readonly from: number;
  readonly to: number;
  /** See {@link nowWithin}, which it is by default. */
  readonly now?: number;
}

/** The lanes of a panel's data, in its order. */
export function lanesOf(
  frames: DataFrame[],
  options: LaneOptions,
  range: Range,
): readonly LimitedSeries[] {
  const { alerts, rest: others } = readAlerts(frames);
  const { records, rest } = readLimits(others);
  const now = range.now ?? nowWithin(range.to);
  return readSeries(rest, { at: now, namedAmong: frames }).map((series) => {
    const { limits } = resolveLimits(series, { rules: options.limits, records });
    const { id, name, times, values } = series;
    const { nearRatio, showForecast } = options;
    const about = { alerts: alertsOf(series, alerts), advice: adviceOn(series, options.advice) };
    const lane = buildLane(
      { id, name, times, values, limits, ...about },
      { ...range, now, nearRatio, showForecast },
    );
    return { lane, series };
  });
}

function adviceOn(series: Series, advice: LaneOptions["advice"]): LaneOptions["advice"] {
  const names = limitNames(series);
  return advice.filter(({ limits }) =>
    limits.some((limit) => names.some((name) => isSameName(limit, name))),
  );
}

/**
 * {@link lanesOf} in the order in which they are shown, see {@link keptOrder}. Computed again only when
 * data, options or range change: never while hovering.
 */
export function useLanes(
  frames: DataFrame[],
  options: LaneOptions & Pick<LimitsPanelOptions, "order">,
  { from, to, now }: Required<Range>,
): readonly LimitedSeries[] {
  const { advice, limits, nearRatio, order, showForecast } = options;
  const items = useMemo(
    () => lanesOf(frames, { advice, limits, nearRatio, showForecast }, { from, to, now }),
    [frames, advice, limits, nearRatio, showForecast, from, to, now],
  );
  const [before, setBefore] = useState<KeptOrder>();
  const kept = useMemo(
    () =>
      keptOrder(
        items.map(({ lane }) => lane),
        order,
        before,
      ),
    [items, order, before],
  );
  if (kept !== before) setBefore(kept);
  return useMemo(() => {
    const byId = new Map(items.map((item) => [item.lane.id, item]));
    return kept.ids.map((id) => byId.get(id)!);
  }, [items, kept]);
}
