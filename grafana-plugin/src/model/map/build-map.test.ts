import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isBroken } from "@headroom/alerts/headroom";
import type { Bound } from "../limit.ts";
import { limit, samples } from "../testing/arbitraries.ts";
import { buildMap, MOST_POINTS } from "./build-map.ts";

const range = { from: 0, to: 100 };
const band: Bound = { bound: "band", lower: 1, upper: 5 };
const least: Bound = { bound: "lower", lower: 0.2 };

interface Limits {
  readonly x: readonly Bound[];
  readonly y: readonly Bound[];
}

const both: Limits = { x: [band], y: [least] };

const pairOf = (points: [number, number, number][], limits = both) => {
  const times = points.map(([time]) => time);
  return {
    x: { times, values: points.map(([, x]) => x), limits: limits.x },
    y: { times, values: points.map(([, , y]) => y), limits: limits.y },
  };
};

describe("buildMap", () => {
  it("judges each point by both limits, and says what is wrong with the newest", () => {
    const map = buildMap(
      [
        pairOf([
          [0, 2, 0.5],
          [50, 2, 0.2],
          [100, 6, 0.1],
        ]),
      ],
      range,
    );
    expect(map.points).toEqual([
      { time: 0, x: 2, y: 0.5, inside: true, recency: 0 },
      { time: 50, x: 2, y: 0.2, inside: false, recency: 0.5 },
      { time: 100, x: 6, y: 0.1, inside: false, recency: 1 },
    ]);
    expect(map.current).toBe(map.points[2]);
    expect(map.outside).toEqual([
      { axis: "x", side: "above" },
      { axis: "y", side: "below" },
    ]);
    expect(map.insideShare).toBeCloseTo(1 / 3);
    expect(map.region).toEqual({ x: band, y: least });
    expect(map.cells).toEqual([]);
  });

  it("has nothing to say of now when the values have ended", () => {
    const points: [number, number, number][] = [1, 2, 3].map((i) => [1_000 * i, 9, 1]);
    const seenAt = (to: number) => buildMap([pairOf(points), pairOf(points)], { from: 0, to });
    expect(seenAt(13_000)).toMatchObject({ ended: false, outside: [{ axis: "x", side: "above" }] });
    expect(seenAt(13_001)).toMatchObject({ ended: true, outside: [], insideShare: 0 });
  });

  it("has nothing to say of now when only earlier points were outside", () => {
    const map = buildMap(
      [
        pairOf([
          [10, 9, 1],
          [20, 2, 1],
        ]),
      ],
      range,
    );
    expect(map.current?.time).toBe(20);
    expect(map.outside).toEqual([]);
  });

  it("leaves out what lies outside the range", () => {
    const map = buildMap(
      [
        pairOf([
          [-1, 2, 1],
          [10, 2, 1],
          [101, 9, 1],
        ]),
      ],
      range,
    );
    expect(map.points.map(({ time }) => time)).toEqual([10]);
    expect(map.outside).toEqual([]);
  });

  it("says nothing of the inside without points or without limits", () => {
    expect(buildMap([pairOf([])], range)).toMatchObject({
      points: [],
      trail: [],
      insideShare: NaN,
      current: undefined,
      outside: [],
    });
    const free = buildMap([pairOf([[1, 2, 3]], { x: [], y: [] })], range);
    expect(free.insideShare).toBeNaN();
    expect(free.points[0]?.inside).toBe(true);
    expect(free.region).toEqual({ x: undefined, y: undefined });
    expect(buildMap([], range).extent).toEqual({ x: [0, 1], y: [0, 1] });
  });

  it("judges the points of several pairs by their own limits", () => {
    const wide: Bound = { bound: "upper", upper: 100 };
    const map = buildMap(
      [
        pairOf(
          [
            [10, 50, 1],
            [30, 50, 1],
          ],
          { x: [wide], y: [least] },
        ),
        pairOf([
          [20, 50, 1],
          [30, 50, 1],
        ]),
      ],
      range,
    );
    expect(map.points.map(({ time, inside }) => [time, inside])).toEqual([
      [10, true],
      [20, false],
      [30, true],
      [30, false],
    ]);
    // Of the two newest, the one that is outside.
    expect(map.current?.inside).toBe(false);
    expect(map.region.x).toEqual(band);
  });

  it("shows density instead when there are too many points", () => {
    const points = (count: number) =>
      buildMap(
        [
          pairOf(
            Array.from({ length: count }, (_, i) => [(i / count) * 100, (i * 7) % 11, (i * 3) % 5]),
          ),
        ],
        range,
      );
    expect(points(MOST_POINTS).cells).toEqual([]);
    const { cells } = points(MOST_POINTS + 1);
    expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(MOST_POINTS + 1);
  });

  it("is the same as judging every point by hand, whatever the data", () => {
    fc.assert(
      fc.property(
        samples,
        fc.array(limit, { maxLength: 2 }),
        fc.array(limit, { maxLength: 2 }),
        (x, forX, forY) => {
          const y = { times: x.times, values: x.values.map((v) => (v === null ? null : v / 2)) };
          const map = buildMap([{ x: { ...x, limits: forX }, y: { ...y, limits: forY } }], {
            from: 0,
            to: 20_000,
          });
          const expected = x.values
            .filter((value) => value !== null)
            .map(
              (value) =>
                !forX.some((l) => isBroken(l, value)) && !forY.some((l) => isBroken(l, value / 2)),
            );
          expect(map.points.map(({ inside }) => inside)).toEqual(expected);
          const hasShare = expected.length > 0 && forX.length + forY.length > 0;
          const share = expected.filter(Boolean).length / expected.length;
          expect(map.insideShare).toBe(hasShare ? share : NaN);
          expect(map.outside.length === 0).toBe(map.ended || (expected.at(-1) ?? true));
        },
      ),
    );
  });
});
