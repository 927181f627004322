import { type DataFrame, type Field, FieldType } from "@grafana/data";
import { edgeOf, type LimitRecord } from "./limit-record.ts";
import { textFields } from "./long-frame.ts";
import { isDrawableField } from "./drawable.ts";
import { readSeries } from "./read-series.ts";
import { soundFrames } from "./sound-frames.ts";

/** What the frames of a panel hold of limits, and what is left to draw. */
export interface FoundLimits {
  readonly records: readonly LimitRecord[];
  /** Frames and fields that are no limits, in their order. */
  readonly rest: DataFrame[];
}

/**
 * Finds limits among the data: numbers with the labels of Prometheus'
 * `headroom_limit{limit,severity,bound="upper"|"lower"}`, under whatever name, as series or as
 * tables with these columns. The last finite value counts. Hidden ones count for nothing.
 */
export function readLimits(frames: readonly DataFrame[]): FoundLimits {
  const records: LimitRecord[] = [];
  const rest: DataFrame[] = [];
  for (const frame of soundFrames(frames)) {
    const found = isTable(frame) ? recordsOf(frame) : [];
    if (found.length > 0) records.push(...found);
    else if (frame.fields.some(isLimitField)) {
      records.push(...recordsOf(withFields(frame, (field) => !isPlain(field))));
      const drawn = withFields(frame, (field) => !isLimitField(field));
      if (drawn.fields.some(isPlain)) rest.push(drawn);
    } else rest.push(frame);
  }
  return { records, rest };
}

function isTable(frame: DataFrame): boolean {
  const names = new Set(textFields(frame).map(({ name }) => name));
  return names.has("limit") && names.has("severity") && names.has("bound");
}

function isLimitField({ type, labels }: Field): boolean {
  return type === FieldType.number && edgeOf(labels ?? {}) !== undefined;
}

function isPlain(field: Field): boolean {
  return isDrawableField(field) && !isLimitField(field);
}

/** A copy is not spread alone, because some frames compute their length. */
function withFields(frame: DataFrame, isKept: (field: Field) => boolean): DataFrame {
  return { ...frame, fields: frame.fields.filter(isKept), length: frame.length };
}

function recordsOf(frame: DataFrame): LimitRecord[] {
  // Any moment does for a table without time: only the last value is used.
  return readSeries([frame], { at: 0 }).flatMap(({ field, labels, values }) => {
    if (field.type !== FieldType.number) return [];
    const edge = edgeOf(labels);
    const value = values.findLast((candidate) => candidate !== null);
    return edge && typeof value === "number" ? [{ ...edge, value }] : [];
  });
}
