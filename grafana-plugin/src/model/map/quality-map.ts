import type { Bound } from "../limit.ts";

/** One measurement of both qualities at the same moment. */
export interface QualityPoint {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly x: number;
  readonly y: number;
  readonly inside: boolean;
  /** 0 for the oldest, 1 for the newest moment of the range: recent points are brighter. */
  readonly recency: number;
}

/** One cell of the density grid, in units of the data. */
export interface DensityCell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly count: number;
  /** Newest moment among its points, as `recency`. */
  readonly recency: number;
  /** Whether the limits allow it; known of cells in which messages were counted. */
  readonly inside?: boolean;
}

/** Two series against each other, with the region that both limits allow. */
export interface QualityMap {
  readonly points: readonly QualityPoint[];
  /** Filled instead of single points being drawn, when there are more than can be told apart. */
  readonly cells: readonly DensityCell[];
  /** How many messages the cells hold; undefined when they hold moments, and points are shown. */
  readonly messages: number | undefined;
  /** The mean over consecutive stretches of the range, oldest first. */
  readonly trail: readonly { readonly time: number; readonly x: number; readonly y: number }[];
  readonly region: { readonly x: Bound | undefined; readonly y: Bound | undefined };
  /** Share of the messages, else of the points, inside the region; NaN without any, and without a limit. */
  readonly insideShare: number;
  /** The newest point. */
  readonly current: QualityPoint | undefined;
  /** Whether the newest point is so old that it says nothing about now. */
  readonly ended: boolean;
  /** What lies outside now, in the words of the axes: for advice. */
  readonly outside: readonly { readonly axis: "x" | "y"; readonly side: "below" | "above" }[];
  /** Extent of the axes: data and region with a margin. */
  readonly extent: {
    readonly x: readonly [number, number];
    readonly y: readonly [number, number];
  };
}
