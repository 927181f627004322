import { type DataFrame, type Field, FieldType, type Labels } from "@grafana/data";
import { type Clock, clockAt, clockOf, firstRows, valuesByClock } from "./clock.ts";
import { seriesNames, type SeriesPart, seriesParts } from "./series-parts.ts";
import { soundFrames } from "./sound-frames.ts";

/** One series of numbers over time, whatever shape of data frame it came in. */
export interface Series {
  /** The same in every refresh: made of query, name and labels. */
  readonly id: string;
  /** What Grafana calls it: the display name, with overrides. */
  readonly name: string;
  /** The field's labels; in a long frame also what the row's text columns say. */
  readonly labels: Labels;
  /** Milliseconds since 1970, ascending, each once. Empty when there is no row. */
  readonly times: readonly number[];
  /** As many as `times`; null where there is no value (null, NaN and infinities alike). */
  readonly values: readonly (number | null)[];
  /** Holds units, decimals, mappings, thresholds, links and overrides. */
  readonly field: Field;
  readonly frame: DataFrame;
  /** The row of the frame that `values[i]` came from, for data links. */
  readonly rows: readonly number[];
}

/** What reading needs to know beside the frames. */
interface ReadOptions {
  /**
   * When numbers without a time were measured, milliseconds since 1970: the end of the visible
   * range. Without it their series have no values.
   */
  readonly at?: number;
  /** All frames of the panel, when `frames` are only some of them; names depend on them. */
  readonly namedAmong?: readonly DataFrame[];
}

/**
 * The series of data frames of any shape: wide, one frame a series, long (split by its text
 * columns), and tables without time; what is not sound in them is left out. So are histograms,
 * exemplars, logs, hidden fields, and every column that no time series panel draws. The first time
 * column counts.
 */
export function readSeries(
  frames: readonly DataFrame[],
  { at, namedAmong = frames }: ReadOptions = {},
): readonly Series[] {
  const parts = soundFrames(frames).flatMap(seriesParts);
  const names = seriesNames(parts, soundFrames(namedAmong));
  const ids = new Map<string, number>();
  const clocks = new Map<DataFrame | readonly number[], Clock>();
  return parts.map((part, i) => {
    const { frame, field, labels, rows } = part;
    // Fields of one frame share their moments, and groups of a long frame theirs.
    const moment = clocks.get(rows ?? frame) ?? partClock(part, at);
    clocks.set(rows ?? frame, moment);
    const timed = valuesByClock(numbersOf(field), moment);
    const id = uniqueId(part, ids);
    return { id, name: names[i]!, labels, times: moment.times, ...timed, field, frame };
  });
}

function partClock({ frame, rows }: SeriesPart, at: number | undefined): Clock {
  const time = frame.fields.find(({ type }) => type === FieldType.time);
  if (time) return clockOf(time.values, rows);
  return at === undefined ? clockAt(0, []) : clockAt(at, rows ?? firstRows(frame.length));
}

function numbersOf({ type, values }: Field): readonly unknown[] {
  if (type !== FieldType.boolean) return values;
  return values.map((value: unknown) => (typeof value === "boolean" ? Number(value) : null));
}

/** Query, names and labels; the display name is no part of it, because other series change it. */
function uniqueId({ frame, field, labels }: SeriesPart, used: Map<string, number>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const id = JSON.stringify([frame.refId ?? "", frame.name ?? "", field.name, ...sorted]);
  const before = used.get(id) ?? 0;
  used.set(id, before + 1);
  return before === 0 ? id : `${id}#${before + 1}`;
}
