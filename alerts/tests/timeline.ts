/** Seconds between two scrapes and two evaluations in the cases. */
export const STEP_SECONDS = 5;

/** The exporter that the cases watch. */
export const INSTANCE = "127.0.0.1:9700";

/** One input series, in promtool's notation. */
export interface Series {
  readonly series: string;
  readonly values: string;
}

/** A stretch of time in which a series does the same thing. */
export interface Phase {
  readonly seconds: number;
  /** Value of a gauge, or growth of a counter in each step; "gone" is a target that vanished. */
  readonly value: number | "gone";
}

/** A gauge that holds each phase's value. */
export function gauge(series: string, phases: readonly Phase[]): Series {
  const values = phases.map(({ value, seconds }) =>
    value === "gone" ? repeat("_", seconds, "stale") : `${value}+0x${steps(seconds) - 1}`,
  );
  return { series, values: values.join(" ") };
}

/** A counter that grows by each phase's value in every step. */
export function counter(series: string, phases: readonly Phase[]): Series {
  let total = 0;
  const values = phases.map(({ value, seconds }) => {
    if (value === "gone") return repeat("_", seconds, "stale");
    const start = total;
    total += value * steps(seconds);
    return `${start}+${value}x${steps(seconds) - 1}`;
  });
  return { series, values: values.join(" ") };
}

/** A series name with the labels of the watched exporter and the given ones. */
export function series(metric: string, labels: Readonly<Record<string, string>> = {}): string {
  const all = { job: "headroom", instance: INSTANCE, ...labels };
  const pairs = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
  return `${metric}{${pairs.join(", ")}}`;
}

function repeat(sample: string, seconds: number, first: string): string {
  return [first, ...Array<string>(steps(seconds) - 1).fill(sample)].join(" ");
}

function steps(seconds: number): number {
  const count = seconds / STEP_SECONDS;
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`a phase must be whole steps of ${STEP_SECONDS} s, got ${seconds} s`);
  }
  return count;
}
