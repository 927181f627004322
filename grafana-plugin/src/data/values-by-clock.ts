import type { Clock } from "./clock.ts";

/** Values in the order of time, and the rows of the frame that they came from. */
export interface TimedValues {
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
