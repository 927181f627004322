import { toDataFrame, type DataFrame, type DataFrameDTO } from "@grafana/data";
import type { FieldConfigSource } from "@grafana/data";
import type { ThemeName } from "../host/themes.ts";

/** What the stage shows, as plain JSON. */
export interface StageInput {
  /** As `toDataFrame` takes them: `{ name, refId, meta, fields: [{ name, type, values, ... }] }`. */
  readonly frames: readonly DataFrameDTO[];
  readonly options?: Record<string, unknown>;
  readonly fieldConfig?: Partial<FieldConfigSource>;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Dark when not given. */
  readonly theme?: ThemeName;
  /** Milliseconds, an ISO time or `now-15m`; the first time in the data when not given. */
  readonly from?: string | number;
  /** As `from`; the last time in the data when not given. */
  readonly to?: string | number;
  /** `utc` when not given. */
  readonly timeZone?: string;
  readonly title?: string;
  /** Values of dashboard variables, for links. */
  readonly variables?: Readonly<Record<string, string>>;
  /** `uplot` draws the same frames with Grafana's own UPlotChart, one a series, to compare with. */
  readonly kind?: "panel" | "uplot";
}

/** The frames of an input as data frames. */
export function readFrames({ frames }: StageInput): DataFrame[] {
  return frames.map((frame) => toDataFrame(frame));
}

/**
 * The ends of the time range: those that were given, else those of the data.
 *
 * @throws Error when the data has no time and no range is given
 */
export function rangeOf(
  input: StageInput,
  frames: readonly DataFrame[],
): { readonly from: string | number; readonly to: string | number } {
  let first = Infinity;
  let last = -Infinity;
  for (const field of frames.flatMap(({ fields }) => fields)) {
    if (field.type !== "time") continue;
    for (const time of field.values as number[]) {
      first = Math.min(first, time);
      last = Math.max(last, time);
    }
  }
  const from = input.from ?? first;
  const to = input.to ?? last;
  if ([from, to].some((end) => end === Infinity || end === -Infinity)) {
    throw new Error("The data has no time; give the stage `from` and `to`.");
  }
  return { from, to };
}

/**
 * The same frames with every number moved by one place, so that all must be drawn again and the
 * picture is as complex as before.
 */
export function shifted(frames: readonly DataFrame[]): DataFrame[] {
  return frames.map((frame) => ({
    ...frame,
    fields: frame.fields.map((field) =>
      field.type === "number"
        ? { ...field, values: [...field.values.slice(1), ...field.values.slice(0, 1)] }
        : field,
    ),
  }));
}
