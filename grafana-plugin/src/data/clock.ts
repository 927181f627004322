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
