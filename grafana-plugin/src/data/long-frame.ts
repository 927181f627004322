import { type DataFrame, type Field, FieldType, type Labels } from "@grafana/data";
import { firstRows } from "./clock.ts";

/** The rows of a long frame that belong to the same combination of texts. */
export interface RowGroup {
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
export function groupRows(frame: DataFrame): readonly RowGroup[] {
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
