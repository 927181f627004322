const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Steps that people read with ease. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90].map((n) => n * DAY),
];

/** Pixels that a label needs with the space around it. */
const LABEL_WIDTH = 90;

/** A moment on the axis and how it is written, in words of moment.js. */
export interface Tick {
  readonly time: number;
  readonly format: string;
}

/**
 * Round moments between `from` and `to` (milliseconds since 1970), as many as have room. Whole hours
 * and days are those of UTC.
 */
export function timeTicks(from: number, to: number, width: number): readonly Tick[] {
  const most = Math.max(1, Math.floor(width / LABEL_WIDTH));
  const span = to - from;
  if (!(span > 0)) return [];
  const step =
    STEPS.find((candidate) => span / candidate <= most) ?? YEAR * Math.ceil(span / YEAR / most);
  const format = step < MINUTE ? "HH:mm:ss" : step < DAY ? "HH:mm" : "MM-DD";
  const ticks: Tick[] = [];
  const first = Math.ceil(from / step) * step;
  for (let time = first; time <= to && ticks.length <= most; time += step) {
    ticks.push({ time, format });
  }
  return ticks;
}
