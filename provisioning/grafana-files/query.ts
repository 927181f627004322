import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import type { Told } from "./appearance.ts";

/** The Prometheus that every panel asks, as dashboards refer to it. */
export const DATA_SOURCE = { type: "prometheus", uid: "headroom-prometheus" } as const;

/** A query to Prometheus. */
export interface Query {
  /** Unique in its panel. */
  readonly refId: string;
  /** PromQL; may hold the dashboard's variables. */
  readonly expr: string;
  /** Name of the series, with labels as `{{label}}`. */
  readonly legend: string;
  /** The histogram that it reads a quantile from, where its last edge is known. */
  readonly told?: Told | undefined;
}

/** Asks for the whole time range. */
export function overTime(query: Query): DataqueryBuilder {
  return dataquery(query).range();
}

/** Asks for the newest value only. */
export function atTheEnd(query: Query): DataqueryBuilder {
  return dataquery(query).instant();
}

function dataquery({ refId, expr, legend }: Query): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(refId)
    .expr(expr)
    .legendFormat(legend)
    .format(PromQueryFormat.TimeSeries)
    .datasource(DATA_SOURCE);
}
