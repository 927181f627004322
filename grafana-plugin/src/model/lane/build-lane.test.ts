import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { headroom, isBroken } from "@headroom/alerts/headroom";
import type { Limit } from "../limit.ts";
import { limit, samples } from "../testing/arbitraries.ts";
import { buildLane } from "./build-lane.ts";

const warning: Limit = { severity: "warning", bound: "upper", upper: 100 };
const critical: Limit = { severity: "critical", bound: "upper", upper: 120 };
const limits = [warning, critical];
const rise = Array.from({ length: 61 }, (_, i) => 30 + i);
const times = rise.map((_, i) => i * 5_000);
const options = { from: 0, to: 300_000, nearRatio: 0.2, showForecast: true };
const lane = (values: readonly (number | null)[], more = {}, ls: readonly Limit[] = limits) =>
  buildLane({ id: "a", name: "A", times, values, limits: ls }, { ...options, ...more });

describe("buildLane", () => {
  it("puts together what is known about a rising series", () => {
    const built = lane(rise);
    expect(built).toMatchObject({
      id: "a",
      name: "A",
      interval: 5_000,
      current: { time: 300_000, value: 90 },
      state: "near",
      outside: { breaches: [], total: 0, share: 0 },
      forecast: { limit: warning, edge: 100 },
    });
    expect(built.headroom).toBeCloseTo(0.1, 12);
    expect(built.forecast?.inMs).toBeCloseTo(50_000, 3);
    expect(built.times).toBe(times);
    expect(built.values).toBe(rise);
  });

  it("finds the current value before missing ones at the end", () => {
    const values = rise.map((v, i) => (i > 59 ? null : v));
    expect(lane(values).current).toEqual({ time: 295_000, value: 89 });
    expect(lane(values).state).toBe("near");
  });

  it("forecasts nothing when the option is off or the last value is old", () => {
    expect(lane(rise, { showForecast: false }).forecast).toBeUndefined();
    const old = lane(rise, { to: 340_000 });
    expect(old.state).toBe("stale");
    expect(old.forecast).toBeUndefined();
    expect(old.headroom).toBeCloseTo(0.1, 12);
  });

  it("sums the time outside within the visible range", () => {
    const values = rise.map((_, i) => (i >= 20 && i < 30 ? 110 : 50));
    expect(lane(values, { from: 120_000 })).toMatchObject({
      state: "ok",
      outside: { breaches: [{ start: 120_000, end: 150_000, severity: "warning" }], total: 30_000 },
    });
    expect(lane(values, { to: 160_000 }).state).toBe("recovering");
  });

  it("knows a series without limits and one without values", () => {
    expect(lane(rise, {}, [])).toMatchObject({ state: "no-limit", headroom: NaN });
    expect(lane(rise, {}, []).forecast).toBeUndefined();
    const empty = lane(rise.map(() => null));
    expect(empty).toMatchObject({ state: "no-data", headroom: NaN, interval: NaN });
    expect(empty.current).toBeUndefined();
  });

  it("agrees with itself whatever the values and limits are", () => {
    fc.assert(
      fc.property(samples, fc.array(limit, { maxLength: 3 }), (input, ls) => {
        const range = { from: 0, to: input.times.at(-1) ?? 1, nearRatio: 0.2, showForecast: true };
        const built = buildLane({ id: "a", name: "A", ...input, limits: ls }, range);
        const value = built.current?.value ?? NaN;
        const isOutside = ls.some((l) => isBroken(l, value));
        expect(built.state === "critical" || built.state === "warning").toBe(isOutside);
        const touched = built.outside.breaches.some((b) => b.end >= built.current!.time);
        if (isOutside) expect(touched).toBe(true);
        const left = ls.map((l) => headroom(l, value)).filter((one) => !Number.isNaN(one));
        expect(built.headroom).toBe(left.length > 0 ? Math.min(...left) : NaN);
        if (built.forecast) expect(isBroken(built.forecast.limit, value)).toBe(false);
      }),
    );
  });
});
