import type { LimitsPanelOptions } from "../options.ts";
import { comparableLabels } from "./limits-from-records.ts";
import { seriesMatcher, type SeriesMatcher } from "./resolve-limits.ts";
import type { Series } from "./read-series.ts";

/** The two series of one thing, say of one machine. */
export interface SeriesPair {
  readonly x: Series;
  readonly y: Series;
}

/** The pairs for the quality map, and why there are fewer than expected. */
export interface PairedSeries {
  readonly pairs: readonly SeriesPair[];
  /** Sentences for the person who set the axes. */
  readonly problems: readonly string[];
}

/**
 * Finds the series of both axes by the options, and pairs those that belong together: all labels
 * that both carry agree. Labels that name the two quantities are left out of that: the metric, the
 * limit, and those in which each axis' pattern finds its own. Of several partners, the one with the
 * most labels in common is taken, and each series once.
 */
export function pairSeries(
  series: readonly Series[],
  { mapX, mapY }: Pick<LimitsPanelOptions, "mapX" | "mapY">,
): PairedSeries {
  const x = seriesMatcher(mapX);
  const y = seriesMatcher(mapY);
  const xs = series.filter(({ name }) => x.matches(name));
  // One that both find is on the horizontal axis, so that nothing is paired with itself.
  const ys = series.filter(({ name }) => y.matches(name) && !x.matches(name));
  const pairs: SeriesPair[] = [];
  const free = new Set(ys);
  for (const one of xs) {
    const partner = bestPartner(one, [...free], x, y);
    if (!partner) continue;
    free.delete(partner);
    pairs.push({ x: one, y: partner });
  }
  const problems = [x.problem, y.problem].filter((problem) => problem !== undefined);
  if (xs.length === 0) problems.push(missing("horizontal", mapX));
  if (ys.length === 0) problems.push(missing("vertical", mapY));
  if (pairs.length === 0 && xs.length > 0 && ys.length > 0) {
    problems.push("The labels of the series on both axes differ, so that none belong together.");
  }
  return { pairs, problems };
}

function bestPartner(
  one: Series,
  candidates: readonly Series[],
  x: SeriesMatcher,
  y: SeriesMatcher,
): Series | undefined {
  let best: Series | undefined;
  let most = -1;
  for (const other of candidates) {
    const shared = Object.entries(comparableLabels(one.labels))
      .map(([name, value]) => [value, other.labels[name]] as const)
      .filter(([, theirs]) => theirs !== undefined)
      .filter(([ours, theirs]) => !(x.matches(ours) && y.matches(theirs!)));
    if (shared.length > most && shared.every(([ours, theirs]) => ours === theirs)) {
      best = other;
      most = shared.length;
    }
  }
  return best;
}

function missing(axis: string, text: string): string {
  const what = text === "" ? `The ${axis} axis is empty` : `No series is called ${text}`;
  return `${what}: set the ${axis} axis to the name of a series.`;
}
