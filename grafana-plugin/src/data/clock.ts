/** The moments of a frame, and which rows were measured at each. */
export interface Clock {
  /** Milliseconds since 1970, ascending, each once. */
  readonly times: readonly number[];
  /** Rows of the frame by time; rows of the same moment keep the frame's order. */
  readonly order: readonly number[];
  /** Where in `order` each moment's rows end; undefined when each moment has exactly one row. */
  readonly ends: readonly number[] | undefined;
  /** Whether row `i` is moment `i`, so that the frame's arrays can be used as they are. */
  readonly isPlain: boolean;
}

/**
 * Puts rows in the order of time. Rows whose time is not a finite number are left out.
 *
 * @param column - the frame's times, milliseconds since 1970
 * @param rows - the rows to read; all when left out
 */
export function clockOf(column: readonly unknown[], rows?: readonly number[]): Clock {
  if (!rows && isAscending(column)) {
    return { times: column, order: firstRows(column.length), ends: undefined, isPlain: true };
  }
  const timed = (rows ?? firstRows(column.length)).filter((row) => Number.isFinite(column[row]));
  const time = (row: number) => column[row] as number;
  // Array.prototype.sort is stable, which keeps rows of one moment in the frame's order.
  const order = timed.sort((a, b) => time(a) - time(b));
  const times: number[] = [];
  const ends: number[] = [];
  order.forEach((row, i) => {
    if (times.at(-1) !== time(row)) {
      times.push(time(row));
      ends.push(i + 1);
    } else {
      ends[ends.length - 1] = i + 1;
    }
  });
  const isUnique = times.length === order.length;
  return { times, order, ends: isUnique ? undefined : ends, isPlain: false };
}

/** All `rows` at the one moment `at`, for numbers that come without a time. */
export function clockAt(at: number, rows: readonly number[]): Clock {
  if (rows.length === 0) return { times: [], order: [], ends: undefined, isPlain: false };
  return { times: [at], order: rows, ends: [rows.length], isPlain: false };
}

/** The numbers 0 to `count - 1`. */
export function firstRows(count: number): number[] {
  // A plain loop: Array.from with a function takes ten times as long, at every refresh.
  const rows = new Array<number>(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}

function isAscending(column: readonly unknown[]): column is readonly number[] {
  let before = -Infinity;
  for (const time of column) {
    if (!Number.isFinite(time) || (time as number) <= before) return false;
    before = time as number;
  }
  return true;
}

/** Values in the order of time, and the rows of the frame that they came from. */
interface TimedValues {
  readonly values: readonly (number | null)[];
  readonly rows: readonly number[];
}

/**
 * A column's values at the moments of the clock. What is not a finite number is null. Of several
 * rows of one moment the last number counts. Columns without fault are not copied: panels show
 * thousands of points and refresh every few seconds.
 */
export function valuesByClock(column: readonly unknown[], clock: Clock): TimedValues {
  const { order, ends, times } = clock;
  if (clock.isPlain && column.length === times.length && isClean(column)) {
    return { values: column, rows: order };
  }
  if (!ends) return { values: order.map((row) => numberOrNull(column[row])), rows: order };
  const rows = times.map((_, i) => lastWithNumber(column, order, ends[i - 1] ?? 0, ends[i]!));
  return { values: rows.map((row) => numberOrNull(column[row])), rows };
}

function lastWithNumber(
  column: readonly unknown[],
  order: readonly number[],
  start: number,
  end: number,
): number {
  for (let i = end - 1; i >= start; i--) {
    if (Number.isFinite(column[order[i]!])) return order[i]!;
  }
  return order[end - 1]!;
}

function isClean(column: readonly unknown[]): column is readonly (number | null)[] {
  return column.every((value) => value === null || Number.isFinite(value));
}

function numberOrNull(value: unknown): number | null {
  return Number.isFinite(value) ? (value as number) : null;
}
