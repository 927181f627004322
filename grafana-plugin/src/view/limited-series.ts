import type { Series } from "../data/series.ts";
import type { Lane } from "../model/lane/lane.ts";

/** A lane and the series that it was made of, which holds units, mappings and links. */
export interface LimitedSeries {
  readonly lane: Lane;
  readonly series: Series;
}
