import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { DATA_SOURCE } from "./data-source.ts";
import type { Told } from "./mappings.ts";

/** A question to Prometheus. */
export interface Question {
  /** Unique in its panel. */
  readonly refId: string;
  /** PromQL; may hold the dashboard's variables. */
  readonly expr: string;
  /** Name of the series, with labels as `{{label}}`. */
  readonly legend: string;
  /** The histogram that it reads a quantile from, where its last edge is known. */
  readonly told?: Told;
}

/** The questions of one panel, named A, B, C in their order. */
export function questions(
  ...parts: readonly (readonly [expr: string, legend: string, told?: Told])[]
): readonly Question[] {
  return parts.map(([expr, legend, told], i) => ({
    refId: String.fromCharCode("A".charCodeAt(0) + i),
    expr,
    legend,
    ...(told && { told }),
  }));
}

/** Asks for the whole time range. */
export function overTime(question: Question): DataqueryBuilder {
  return query(question).range();
}

/** Asks for the newest value only. */
export function atTheEnd(question: Question): DataqueryBuilder {
  return query(question).instant();
}

function query({ refId, expr, legend }: Question): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(refId)
    .expr(expr)
    .legendFormat(legend)
    .format(PromQueryFormat.TimeSeries)
    .datasource(DATA_SOURCE);
}
