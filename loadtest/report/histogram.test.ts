import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  bucketOf,
  estimate,
  meanOf,
  observations,
  quantile,
  readHistogram,
  since,
  type Histogram,
} from "./histogram.ts";
import { parseMetrics } from "./prometheus-text.ts";

const EDGES = [0.005, 0.01, 0.025, 0.05, 0.1, Infinity];

const histogramOf = (values: readonly number[]): Histogram => ({
  edges: EDGES,
  counts: EDGES.map((edge) => values.filter((value) => value <= edge).length),
  sum: values.reduce((a, b) => a + b, 0),
});

const times = fc.array(fc.double({ min: 0, max: 0.1, noNaN: true }), { minLength: 1 });

describe("the quantile of a histogram", () => {
  it("lies within its bucket, in proportion, as Prometheus puts it", () => {
    const histogram = { edges: [1, 2, Infinity], counts: [10, 30, 30], sum: 0 };
    expect(quantile(histogram, 0.5)).toBeCloseTo(1.25, 12);
    expect(quantile(histogram, 0.25)).toBeCloseTo(0.75, 12);
    expect(quantile(histogram, 1)).toBe(2);
  });

  it("is the highest finite edge when it lies beyond it", () => {
    expect(quantile({ edges: [1, 2, Infinity], counts: [0, 1, 10], sum: 0 }, 0.95)).toBe(2);
  });

  it("is NaN when nothing was observed", () => {
    expect(quantile(histogramOf([]), 0.95)).toBeNaN();
    expect(estimate(histogramOf([]), 0.95)).toEqual({ value: Number.NaN, isLeast: false });
  });

  it("is told as no more than a lower bound exactly when the true one lies beyond the edges", () => {
    const anyTimes = fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(anyTimes, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, q) => {
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.ceil(q * sorted.length) - 1]!;
        const told = estimate(histogramOf(values), q);
        expect(told.isLeast).toBe(exact > 0.1);
        if (told.isLeast) expect(told.value).toBe(0.1);
      }),
    );
  });

  it("shares a bucket with the true quantile", () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, q) => {
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.ceil(q * sorted.length) - 1]!;
        const { lower, upper } = bucketOf(histogramOf(values), exact);
        const estimate = quantile(histogramOf(values), q);
        expect(estimate).toBeGreaterThanOrEqual(lower);
        expect(estimate).toBeLessThanOrEqual(upper);
      }),
    );
  });

  it("never falls when more is asked for", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(times, share, share, (values, a, b) => {
        const histogram = histogramOf(values);
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(quantile(histogram, low)).toBeLessThanOrEqual(quantile(histogram, high) + 1e-12);
      }),
    );
  });
});

describe("what was observed between two readings", () => {
  it("is the later one without the earlier one", () => {
    fc.assert(
      fc.property(times, times, (first, second) => {
        const delta = since(histogramOf([...first, ...second]), histogramOf(first));
        expect(delta.counts).toEqual(histogramOf(second).counts);
        expect(delta.sum).toBeCloseTo(histogramOf(second).sum, 9);
      }),
    );
  });

  it("is the later one alone after a restart", () => {
    const later = histogramOf([0.01]);
    expect(since(later, histogramOf([0.01, 0.02]))).toBe(later);
    expect(since(later, undefined)).toBe(later);
  });
});

describe("a histogram on a page of metrics", () => {
  const page = parseMetrics(`
t_bucket{m="a",le="1"} 1
t_bucket{m="a",le="+Inf"} 2
t_sum{m="a"} 3
t_count{m="a"} 2
t_bucket{m="b",le="1"} 5
t_bucket{m="b",le="+Inf"} 5
t_sum{m="b"} 2
t_count{m="b"} 5
`);

  it("is added up over its series", () => {
    const all = readHistogram(page, "t")!;
    expect(all).toEqual({ edges: [1, Infinity], counts: [6, 7], sum: 5 });
    expect(observations(all)).toBe(7);
  });

  it("can be that of some labels only", () => {
    expect(meanOf(readHistogram(page, "t", { m: "a" })!)).toBe(1.5);
    expect(readHistogram(page, "t", { m: "c" })).toBeUndefined();
  });
});
