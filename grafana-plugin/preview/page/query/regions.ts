import { readNumber, type Point } from "./prometheus-data.ts";

/** A stretch of time, in milliseconds since 1970. */
export interface Region {
  readonly from: number;
  readonly to: number;
}

/**
 * As Grafana makes annotations of a series: the stretches in which samples above 0 follow each other
 * by one step.
 */
export function regionsOf(points: readonly Point[], stepMs: number): readonly Region[] {
  const regions: Region[] = [];
  for (const [seconds, text] of points) {
    if (!(readNumber(text) > 0)) continue;
    const at = Math.round(seconds * 1_000);
    const last = regions.at(-1);
    if (last && at - last.to <= stepMs) regions[regions.length - 1] = { from: last.from, to: at };
    else regions.push({ from: at, to: at });
  }
  return regions;
}
