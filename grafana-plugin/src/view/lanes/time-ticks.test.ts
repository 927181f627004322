import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { timeTicks } from "./TimeAxis.tsx";

const NOON = Date.UTC(2026, 0, 1, 12);
const times = (ticks: ReturnType<typeof timeTicks>) =>
  ticks.map(({ time }) => new Date(time).toISOString().slice(11, 19));

describe("timeTicks", () => {
  it("stands at round moments, written as finely as they are apart", () => {
    const hour = timeTicks(NOON + 60_000, NOON + 3_660_000, 500);
    expect(times(hour)).toEqual(["12:15:00", "12:30:00", "12:45:00", "13:00:00"]);
    expect(hour[0]?.format).toBe("HH:mm");
    const minute = timeTicks(NOON, NOON + 60_000, 300);
    expect(times(minute)).toEqual(["12:00:00", "12:00:30", "12:01:00"]);
    expect(minute[0]?.format).toBe("HH:mm:ss");
    expect(timeTicks(NOON, NOON + 5 * 86_400_000, 500)[0]?.format).toBe("MM-DD");
  });

  it("has none where there is no time", () => {
    expect(timeTicks(NOON, NOON, 500)).toEqual([]);
    expect(timeTicks(NaN, NOON, 500)).toEqual([]);
  });

  it("stays inside the range and leaves room for every label", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2e12 }),
        fc.integer({ min: 1, max: 4e11 }),
        fc.integer({ min: 90, max: 4_000 }),
        (from, span, width) => {
          const ticks = timeTicks(from, from + span, width);
          for (const { time } of ticks) {
            expect(time).toBeGreaterThanOrEqual(from);
            expect(time).toBeLessThanOrEqual(from + span);
          }
          for (let i = 1; i < ticks.length; i++) {
            expect(((ticks[i]!.time - ticks[i - 1]!.time) / span) * width).toBeGreaterThan(89);
          }
        },
      ),
    );
  });
});
