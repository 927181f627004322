import { describe, expect, it } from "@jest/globals";
import { FORECAST_RISE_RATIO } from "./limits.ts";
import { MAINTENANCE_LIMITS } from "./maintenance.ts";

describe("the limits of npm run check", () => {
  it("are those that a running stack is held against", () => {
    expect(MAINTENANCE_LIMITS).toEqual({
      robustZ: 3.5,
      leastAnomaly: 0.1,
      weeklyChange: 0.25,
      leastOfLimit: FORECAST_RISE_RATIO,
      historyHours: 24,
      trendHours: 1,
      attributionInRange: 0.8,
      attributionUndefined: 0.1,
      baselineDays: 31,
      nearBound: 0.9,
      littleUsed: 0.1,
      leastHitRatio: 0.01,
      smallBatch: 2,
    });
  });
});
