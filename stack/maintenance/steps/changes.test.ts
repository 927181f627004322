import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { limit, LIMITS } from "@headroom/alerts/limits";
import { MAINTENANCE_LIMITS } from "@headroom/alerts/maintenance";
import { measures } from "../measures.ts";
import { anomalyRow, isHarmful, placeAmong, weekRow } from "./changes.ts";

describe("an anomaly", () => {
  const latency = measures(LIMITS).find(({ id }) => id === "latency-p95")!;
  const past = Array.from({ length: 100 }, (_, hour) => 0.05 + 0.001 * (hour % 5));

  it("is far from the past, into the harmful direction", () => {
    expect(anomalyRow(latency, past, 0.3)).toMatchObject({
      verdict: "fail",
      runbook: "HeadroomLatencyHigh",
    });
    expect(anomalyRow(latency, past, 0.01).verdict).toBe("pass");
  });

  it("is no small difference, even from a past that never varied", () => {
    const constant = past.map(() => 0.05);
    expect(anomalyRow(latency, constant, 0.052).verdict).toBe("pass");
    expect(anomalyRow(latency, constant, 0.2).verdict).toBe("fail");
  });

  it("is not known without a past or without a present", () => {
    const short = past.slice(0, MAINTENANCE_LIMITS.historyHours - 1);
    expect(anomalyRow(latency, short, 0.3).verdict).toBe("unknown");
    expect(anomalyRow(latency, past, Number.NaN).verdict).toBe("unknown");
  });
});

describe("a week", () => {
  const latency = measures(LIMITS).find(({ id }) => id === "latency-p95")!;

  it("fails when it is worse than the one before", () => {
    const row = weekRow(latency, 0.05, 0.09);
    expect(row).toMatchObject({ verdict: "fail", observed: "90 ms, before 50 ms (+80.0 %)" });
    expect(weekRow(latency, 0.05, 0.055).verdict).toBe("pass");
    expect(weekRow(latency, 0.09, 0.05).verdict).toBe("pass");
  });

  it("is unknown when one of both has no value", () => {
    expect(weekRow(latency, Number.NaN, 0.05).verdict).toBe("unknown");
    expect(weekRow(latency, 0.05, Number.NaN).verdict).toBe("unknown");
  });
});

describe("a change", () => {
  const share = 0.25;
  const latency = limit("latency_p95", "warning");
  const enough = MAINTENANCE_LIMITS.leastOfLimit * (latency.bound === "upper" ? latency.upper : 0);

  it("is harmful only into the harmful direction", () => {
    const up = { before: 0.1, now: 0.2, share };
    const down = { before: 0.2, now: 0.1, share };
    expect([isHarmful({ harmful: "up" }, up), isHarmful({ harmful: "up" }, down)]).toEqual([
      true,
      false,
    ]);
    expect([isHarmful({ harmful: "down" }, up), isHarmful({ harmful: "down" }, down)]).toEqual([
      false,
      true,
    ]);
    expect([isHarmful({ harmful: "either" }, up), isHarmful({ harmful: "either" }, down)]).toEqual([
      true,
      true,
    ]);
  });

  it("is harmless up to its share of what was", () => {
    expect(isHarmful({ harmful: "up" }, { before: 100, now: 125, share })).toBe(false);
    expect(isHarmful({ harmful: "up" }, { before: 100, now: 126, share })).toBe(true);
  });

  it("is harmless while it is a small part of the limit, however much it grew", () => {
    const measure = { harmful: "up", limit: latency } as const;
    expect(isHarmful(measure, { before: 0, now: 0.9 * enough, share })).toBe(false);
    expect(isHarmful(measure, { before: 0, now: enough, share })).toBe(true);
  });
});

describe("the place of a value among those of the past", () => {
  it("is the modified z-score of Iglewicz and Hoaglin", () => {
    // The median is 3 and the MAD 1, so z = 0.6745 (9 - 3).
    const { middle, z } = placeAmong([1, 2, 3, 4, 5], 9);
    expect(middle).toBe(3);
    expect(z).toBeCloseTo(4.047);
  });

  it("takes the mean deviation when most of the past is one value", () => {
    // The mean absolute deviation is 1, so z = (4 - 0) / 1.2533.
    expect(placeAmong([0, 0, 0, 4], 4).z).toBeCloseTo(3.1915);
  });

  it("is infinite for another value than the only one of the past, and 0 for that one", () => {
    expect(placeAmong([2, 2, 2], 1).z).toBe(Number.NEGATIVE_INFINITY);
    expect(placeAmong([2, 2, 2], 2).z).toBe(0);
  });

  it("hardly moves by one outlier of the past", () => {
    const past = Array.from({ length: 49 }, (_, index) => 100 + (index % 7));
    const calm = placeAmong(past, 130).z;
    expect(placeAmong([...past, 1e9], 130).z / calm).toBeCloseTo(1, 0);
  });

  it("does not depend on the unit", () => {
    const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: -5000, max: 5000 }), (past, value) => {
        const doubled = placeAmong(
          past.map((one) => 2 * one),
          2 * value,
        ).z;
        expect(doubled).toBeCloseTo(placeAmong(past, value).z);
      }),
    );
  });
});
