import {
  type DataFrame,
  DataFrameType,
  type Field,
  FieldType,
  formatLabels,
  getFieldDisplayName,
  type Labels,
} from "@grafana/data";
import { firstRows } from "./clock.ts";

/** The part of a frame that is one series. */
export interface SeriesPart {
  readonly frame: DataFrame;
  readonly field: Field;
  readonly labels: Labels;
  /** The frame's rows that belong to it; undefined when all do. */
  readonly rows: readonly number[] | undefined;
}

/** The series of a frame: one a number field, and in a long frame one a field and combination. */
export function seriesParts(frame: DataFrame): readonly SeriesPart[] {
  if (!isDrawableFrame(frame)) return [];
  const fields = frame.fields.filter(isDrawableField);
  if (textFields(frame).length === 0) {
    return fields.map((field) => ({ frame, field, labels: field.labels ?? {}, rows: undefined }));
  }
  return groupRows(frame).flatMap((group) =>
    fields.map((original) => {
      const labels = { ...original.labels, ...group.labels };
      // Grafana keeps a field's display name in its state; with other labels it is another name.
      const state = { ...original.state, displayName: undefined, multipleFrames: undefined };
      return { frame, field: { ...original, labels, state }, labels, rows: group.rows };
    }),
  );
}

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
function isDrawableFrame({ name, meta }: DataFrame): boolean {
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

/** The rows of a long frame that belong to the same combination of texts. */
interface RowGroup {
  /** The texts, by their columns' names. */
  readonly labels: Labels;
  readonly rows: readonly number[];
}

/** The text columns that tell the series of a long frame apart; none in a wide frame. */
export function textFields(frame: DataFrame): readonly Field[] {
  return frame.fields.filter(({ type }) => type === FieldType.string);
}

/**
 * Splits the rows of a long frame by its text columns, in the order of their first rows. An empty
 * text and null are no label, as in Prometheus.
 */
function groupRows(frame: DataFrame): readonly RowGroup[] {
  const columns = textFields(frame).map((field) => ({
    name: field.name,
    texts: field.values as unknown[],
  }));
  const groups = new Map<string, { labels: Labels; rows: number[] }>();
  for (const row of firstRows(frame.length)) {
    const labels: Labels = {};
    for (const { name, texts } of columns) {
      const text = texts[row];
      if (typeof text === "string" && text !== "") labels[name] = text;
    }
    const key = JSON.stringify(columns.map(({ name }) => labels[name] ?? null));
    const group = groups.get(key);
    if (group) group.rows.push(row);
    else groups.set(key, { labels, rows: [row] });
  }
  return [...groups.values()];
}

/**
 * The names of series, as Grafana would show them.
 *
 * @param namedAmong - all frames of the panel: Grafana leaves out of a name what is the same in all
 * of them, and overrides by name go by that
 */
export function seriesNames(
  parts: readonly SeriesPart[],
  namedAmong: readonly DataFrame[],
): readonly string[] {
  // Grafana names the series of a long frame after splitting it, each in a frame of its own.
  const split = new Map<SeriesPart, DataFrame>();
  for (const part of parts) {
    if (part.rows) split.set(part, { ...part.frame, fields: [part.field], length: 0 });
  }
  const splitFrames = [...split.values()];
  return parts.map((part) => {
    const own = split.get(part);
    if (!own) return getFieldDisplayName(part.field, part.frame, [...namedAmong]);
    const name = getFieldDisplayName(part.field, own, splitFrames);
    // A configured name is the column's, and so the same for all of its series.
    const { displayName, displayNameFromDS } = part.field.config;
    const isConfigured = Boolean(displayName) || Boolean(displayNameFromDS);
    return isConfigured ? `${name} ${formatLabels(part.labels)}` : name;
  });
}
