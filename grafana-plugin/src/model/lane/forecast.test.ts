import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isBroken } from "@headroom/alerts/headroom";
import type { Limit } from "../limit.ts";
import { ordinary } from "../testing/arbitraries.ts";
import { normalNoise, uniformNoise } from "../testing/noise.ts";
import { forecast, HORIZON_SPANS } from "./forecast.ts";

const START = 1.7e12;
const STEP = 5_000;
const warning: Limit = { severity: "warning", bound: "upper", upper: 100 };
const critical: Limit = { severity: "critical", bound: "upper", upper: 120 };
const band: Limit = { severity: "warning", bound: "band", lower: 20, upper: 100 };

const list = (n: number, at: (i: number) => number) => Array.from({ length: n }, (_, i) => at(i));
const timesOf = (values: readonly unknown[]) => values.map((_, i) => START + i * STEP);
const of = (values: readonly (number | null)[], limits: readonly Limit[], now = 0) =>
  forecast(timesOf(values), values, limits, now);

describe("forecast", () => {
  it("says when a line reaches the limit", () => {
    const found = of(
      list(51, (i) => 30 + i),
      [warning, critical],
    );
    expect(found).toMatchObject({ limit: warning, edge: 100 });
    expect(found?.inMs).toBeCloseTo(20 * STEP, 3);
    expect(found?.time).toBeCloseTo(START + 70 * STEP, 1);
    expect(found?.slope).toBeCloseTo(1 / STEP, 12);
    expect(found?.startValue).toBeCloseTo(80, 9);
  });

  it("names the next limit when one is broken already, and none when all are", () => {
    const past = list(51, (i) => 60 + i);
    expect(of(past, [warning, critical])).toMatchObject({ limit: critical, edge: 120 });
    expect(of(past, [warning])).toBeUndefined();
  });

  it("leads to the side of a band that the trend goes to", () => {
    expect(
      of(
        list(51, (i) => 40 + i),
        [band],
      ),
    ).toMatchObject({ edge: 100 });
    expect(
      of(
        list(51, (i) => 80 - i),
        [band],
      ),
    ).toMatchObject({ edge: 20 });
    expect(
      of(
        list(51, (i) => 80 - i),
        [warning],
      ),
    ).toBeUndefined();
    const lower: Limit = { severity: "critical", bound: "lower", lower: 10 };
    expect(
      of(
        list(51, (i) => 80 - i),
        [lower],
      )?.inMs,
    ).toBeCloseTo(20 * STEP, 3);
    expect(
      of(
        list(51, (i) => 40 + i),
        [lower],
      ),
    ).toBeUndefined();
  });

  it("prefers the critical one of two limits that are reached together", () => {
    const same: Limit = { ...warning, severity: "critical" };
    const rise = list(51, (i) => 30 + i);
    expect(of(rise, [warning, same])?.limit).toBe(same);
    expect(of(rise, [same, warning])?.limit).toBe(same);
  });

  it("does not look further than some times the time that it saw", () => {
    const rise = list(51, (i) => i / 10);
    const at = (upper: number): Limit => ({ severity: "warning", bound: "upper", upper });
    const furthest = 5 + 5 * HORIZON_SPANS;
    expect(of(rise, [at(furthest - 0.1)])).toBeDefined();
    expect(of(rise, [at(furthest + 0.1)])).toBeUndefined();
  });

  it("looks only at what came after a restart", () => {
    const before = list(100, (i) => i * 0.9);
    expect(of([...before, ...list(51, (i) => 20 + i)], [warning])?.inMs).toBeCloseTo(30 * STEP, 3);
    for (let n = 1; n < 10; n++) {
      expect(of([...before, ...list(n, (i) => 20 + i)], [warning])).toBeUndefined();
    }
  });

  it("tells a restart from noise at every moment after it", () => {
    const noise = normalNoise(11);
    const before = list(150, (i) => 10 + 0.5 * i + noise());
    const after = list(120, (i) => 10 + 0.7 * i + noise());
    for (let n = 1; n <= after.length; n++) {
      const found = of([...before, ...after.slice(0, n)], [warning]);
      if (found === undefined) continue;
      const truth = ((100 - (10 + 0.7 * (n - 1))) / 0.7) * STEP;
      expect(found.inMs / truth).toBeGreaterThan(0.5);
      expect(found.inMs / truth).toBeLessThan(2);
    }
    expect(of([...before, ...after.slice(0, 60)], [warning])).toBeDefined();
  });

  it("goes on from the last value when the line is beyond the limit and the value is not", () => {
    const values = list(41, (i) => 61 + i);
    values[40] = 99;
    const found = of(values, [warning]);
    expect(found?.startValue).toBe(99);
    expect(found?.inMs).toBeCloseTo(STEP, 3);
  });

  it("says nothing that would be past by now", () => {
    const rise = list(51, (i) => 30 + i);
    const reached = START + 70 * STEP;
    expect(of(rise, [warning], reached - 1_000)).toBeDefined();
    expect(of(rise, [warning], reached + 1_000)).toBeUndefined();
  });

  it("is silent without values, with one, with constants and without limits", () => {
    expect(of([], [warning])).toBeUndefined();
    expect(of([1], [warning])).toBeUndefined();
    expect(of([null, null], [warning])).toBeUndefined();
    expect(
      of(
        list(100, () => 99.9),
        [warning],
      ),
    ).toBeUndefined();
    expect(
      of(
        list(51, (i) => 30 + i),
        [],
      ),
    ).toBeUndefined();
  });

  it("is right for every line, among thousands of values and with holes", () => {
    const sizes = fc.constantFrom(10, 37, 200, 201, 1_000, 5_000);
    const slope = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    const ahead = fc.double({ min: 0.01, max: 3.9, noNaN: true });
    const line = fc.record({ n: sizes, slope, ahead, start: ordinary, falls: fc.boolean() });
    fc.assert(
      fc.property(line, fc.nat({ max: 1_000 }), ({ n, slope, ahead, start, falls }, seed) => {
        const sign = falls ? -1 : 1;
        const uniform = uniformNoise(seed);
        const values = list(n, (i) => start + sign * slope * i).map((v, i) =>
          i > 0 && i < n - 1 && n > 30 && uniform() < 0.2 ? null : v,
        );
        const distance = ahead * (n - 1);
        const edge = start + sign * slope * (n - 1 + distance);
        const reached: Limit = falls
          ? { severity: "warning", bound: "lower", lower: edge }
          : { severity: "warning", bound: "upper", upper: edge };
        const found = of(values, [reached]);
        expect(found?.inMs).toBeDefined();
        expect(Math.abs(found!.inMs / (distance * STEP) - 1)).toBeLessThan(1e-3);
      }),
    );
  });

  it("is never past, beyond its horizon, not a number, or about a broken limit", () => {
    const series = fc.record({
      n: fc.integer({ min: 5, max: 80 }),
      seed: fc.nat({ max: 1_000 }),
      slope: fc.integer({ min: -10, max: 10 }).map((tenths) => tenths / 10),
      noise: fc.constantFrom(0, 1, 5, 30),
      missing: fc.constantFrom(0, 0.3),
    });
    const near = fc.integer({ min: -100, max: 100 });
    const around = fc.array(
      fc.oneof(
        near.map((upper): Limit => ({ severity: "warning", bound: "upper", upper })),
        near.map((lower): Limit => ({ severity: "critical", bound: "lower", lower })),
        near.map((l): Limit => ({ severity: "critical", bound: "band", lower: l, upper: l + 40 })),
      ),
      { maxLength: 4 },
    );
    let said = 0;
    fc.assert(
      fc.property(series, around, ({ n, seed, slope, noise, missing }, limits) => {
        const normal = normalNoise(seed);
        const uniform = uniformNoise(seed);
        const vs = list(n, (i) => slope * i + noise * normal()).map((v) =>
          uniform() < missing ? null : v,
        );
        const found = of(vs, limits);
        if (found === undefined) return;
        said++;
        const last = START + vs.findLastIndex((v) => v !== null) * STEP;
        expect(Number.isFinite(found.slope)).toBe(true);
        expect(found.inMs).toBeGreaterThan(0);
        expect(found.inMs).toBeLessThanOrEqual(HORIZON_SPANS * vs.length * STEP);
        expect(found.time).toBeGreaterThan(last);
        expect(limits).toContain(found.limit);
        expect(
          isBroken(
            found.limit,
            vs.findLast((v) => v !== null)!,
          ),
        ).toBe(false);
        expect(found.startValue + found.slope * found.inMs).toBeCloseTo(found.edge, 3);
      }),
      { seed: 5, numRuns: 500 },
    );
    expect(said).toBeGreaterThan(50);
  });

  it("raises hardly a false alarm on shuffled noise", () => {
    const near: Limit = { severity: "warning", bound: "upper", upper: 3.5 };
    const runs = list(800, (seed) => seed);
    const alarms = runs.filter((seed) => of(list(60, normalNoise(seed)), [near]) !== undefined);
    expect(alarms.length / runs.length).toBeLessThan(0.015);
  });

  it("moves with the values when time is shifted", () => {
    const noise = normalNoise(2);
    const values = list(300, (i) => 20 + i / 5 + noise());
    const times = timesOf(values);
    const here = forecast(times, values, [warning], 0);
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (shift) => {
        const there = forecast(
          times.map((t) => t + shift),
          values,
          [warning],
          shift,
        );
        expect(there?.inMs).toBeCloseTo(here!.inMs, 6);
        expect(there?.slope).toBeCloseTo(here!.slope, 15);
        expect(there!.time - shift).toBeCloseTo(here!.time, 2);
      }),
      { numRuns: 20 },
    );
  });
});
