import { type DataFrame, DataFrameType, type Field, FieldType } from "@grafana/data";

/** Kinds of frames whose numbers are no series: bucket counts, log lines, files. */
const OTHER_KINDS: ReadonlySet<string> = new Set([
  DataFrameType.HeatmapRows,
  DataFrameType.HeatmapCells,
  DataFrameType.Histogram,
  DataFrameType.LogLines,
  DataFrameType.DirectoryListing,
]);

/**
 * Whether a frame may hold series. Exemplars are single requests that Prometheus' data source sends
 * beside a query's series, in a frame of that name.
 */
export function isDrawableFrame({ name, meta }: DataFrame): boolean {
  const isExemplar = name === "exemplar" || meta?.custom?.["resultType"] === "exemplar";
  return !isExemplar && !OTHER_KINDS.has(meta?.type ?? "");
}

/** What Grafana's time series panel draws: numbers, states as their numbers, and yes as 1 and no as 0. */
const DRAWN: ReadonlySet<FieldType> = new Set([
  FieldType.number,
  FieldType.boolean,
  FieldType.enum,
]);

/** Whether a field holds values that the reader has not hidden, as the legend and overrides do. */
export function isDrawableField({ type, config, state }: Field): boolean {
  const hidden = config.custom?.hideFrom?.viz === true || state?.hideFrom?.viz === true;
  return DRAWN.has(type) && !hidden;
}
