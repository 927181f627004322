import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  framesOf,
  momentsOf,
  rateInterval,
  regionsOf,
  stepOf,
  tableOf,
  withLabels,
} from "./frames.ts";
import type { Point, Series } from "./prometheus.ts";

const series: readonly Series[] = [
  {
    metric: { __name__: "up", job: "a" },
    values: [
      [10, "1"],
      [15.5, "NaN"],
    ],
  },
  {
    metric: { job: "b" },
    values: [
      [10, "+Inf"],
      [15.5, "-Inf"],
    ],
  },
];
const target = { refId: "A", expr: "up", legendFormat: "{{job}}" };

describe("framesOf", () => {
  it("makes a frame of each series, with times in milliseconds", () => {
    const frames = framesOf(series, target, 5_000);
    expect(frames).toHaveLength(2);
    expect(frames[0]).toEqual({
      refId: "A",
      meta: { type: "timeseries-multi" },
      fields: [
        { name: "Time", type: "time", values: [10_000, 15_500], config: { interval: 5_000 } },
        {
          name: "up",
          type: "number",
          values: [1, Number.NaN],
          labels: { __name__: "up", job: "a" },
          config: { displayNameFromDS: "a" },
        },
      ],
    });
  });

  it("reads what JSON has no numbers for", () => {
    const values = framesOf(series, target, 5_000).map(({ fields }) => fields[1]!.values);
    expect(values).toEqual([
      [1, Number.NaN],
      [Infinity, -Infinity],
    ]);
  });

  it("makes a frame of one row of each value of an instant query", () => {
    const vector = series.map(({ metric, values }) => ({ metric, values: values.slice(0, 1) }));
    const frames = framesOf(vector, target, 0);
    expect(frames.map(({ fields }) => fields[1]!.values)).toEqual([[1], [Infinity]]);
    expect(frames[0]!.meta?.type).toBe("numeric-multi");
    expect(frames[0]!.fields[0]!.config).toEqual({});
  });

  it("leaves the name to the panel when there is no legend", () => {
    const [first] = framesOf(series, { refId: "A", expr: "up" }, 0);
    expect(first!.fields[1]!.config).toEqual({});
  });
});

describe("withLabels", () => {
  const labels = { job: "a", instance: "b:1" };

  it("fills labels in, with blanks or without", () => {
    expect(withLabels("{{job}} on {{ instance }}", labels)).toBe("a on b:1");
  });

  it("leaves a label out that the series does not have", () => {
    expect(withLabels("[{{pod}}]", labels)).toBe("[]");
  });
});

describe("regionsOf", () => {
  const STEP = 5_000;
  const regions = (points: readonly Point[]) => regionsOf(points, STEP);

  it("joins samples above 0 that follow each other, and ends at others and at gaps", () => {
    const points = [
      [0, "1"],
      [5, "2"],
      [10, "0"],
      [15, "1"],
      [20, "NaN"],
      [25, "1"],
      [40, "1"],
      [45, "+Inf"],
    ] as const;
    expect(regions(points)).toEqual([
      { from: 0, to: 5_000 },
      { from: 15_000, to: 15_000 },
      { from: 25_000, to: 25_000 },
      { from: 40_000, to: 45_000 },
    ]);
  });

  it("finds none where nothing is above 0", () => {
    expect(regions([])).toEqual([]);
    expect(
      regions([
        [0, "0"],
        [5, "-1"],
      ]),
    ).toEqual([]);
  });
});

describe("stepOf", () => {
  const hour = { from: 0, to: 3_600_000 };

  it("is what is asked for", () => {
    expect(stepOf(hour, 30_000)).toBe(30_000);
  });

  it("never asks Prometheus for more than 11,000 points", () => {
    const positive = (max: number) => fc.integer({ min: 1, max });
    fc.assert(
      fc.property(positive(1e12), positive(1e6), (to, wantedMs) => {
        expect(to / stepOf({ from: 0, to }, wantedMs)).toBeLessThanOrEqual(11_000);
      }),
    );
  });
});

describe("rateInterval", () => {
  it("is the step and a scrape more", () => {
    expect(rateInterval(30_000, 5_000)).toBe("35000ms");
  });

  it("is at least four scrapes", () => {
    expect(rateInterval(15_000, 15_000)).toBe("60000ms");
  });
});

describe("tableOf", () => {
  it("has a column for each label of any series, and the value", () => {
    const { fields } = tableOf(series, target);
    expect(fields.map(({ name, values }) => [name, values])).toEqual([
      ["__name__", ["up", ""]],
      ["job", ["a", "b"]],
      ["Value", [1, Infinity]],
    ]);
    expect(tableOf([], target).fields.map(({ values }) => values)).toEqual([[]]);
  });
});

describe("momentsOf", () => {
  it("is what the samples name, each once, and no nonsense", () => {
    const points: Point[] = [
      [1, "5000"],
      [2, "5000"],
      [3, "NaN"],
      [4, "7000"],
    ];
    expect(momentsOf(points)).toEqual([
      { from: 5_000, to: 5_000 },
      { from: 7_000, to: 7_000 },
    ]);
  });
});
