import { describe, expect, it } from "@jest/globals";
import { isStale, STALE_AT_LEAST_MS, STALE_INTERVALS } from "./interval.ts";

describe("isStale", () => {
  it("waits for some usual intervals", () => {
    const interval = 60_000;
    expect(isStale(0, interval, STALE_INTERVALS * interval)).toBe(false);
    expect(isStale(0, interval, STALE_INTERVALS * interval + 1)).toBe(true);
  });

  it("waits for a while even where values come quickly, or their interval is not known", () => {
    for (const interval of [100, NaN]) {
      expect(isStale(0, interval, STALE_AT_LEAST_MS)).toBe(false);
      expect(isStale(0, interval, STALE_AT_LEAST_MS + 1)).toBe(true);
    }
  });

  it("does not mind a value that is newer than the end of the range", () => {
    expect(isStale(1_000_000, 10, 0)).toBe(false);
  });
});
