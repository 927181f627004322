import type { DataFrame, Field, Labels } from "@grafana/data";
import { isDrawableField, isDrawableFrame } from "./drawable.ts";
import { groupRows, textFields } from "./long-frame.ts";

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
