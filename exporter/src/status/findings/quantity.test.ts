import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { FindingUnit } from "./finding.ts";
import { formatQuantity } from "./quantity.ts";

const DAY = 86_400;

describe("formatQuantity", () => {
  it.each<[number, FindingUnit, string, string]>([
    [0, "ratio", "0 %", "0%"],
    [0.003, "ratio", "0.3 %", "0.3%"],
    [0.05, "ratio", "5 %", "5%"],
    [0.0996, "ratio", "10 %", "10%"],
    [0.454, "ratio", "45 %", "45%"],
    [2.3, "ratio", "230 %", "230%"],
    [0, "bytes", "0 B", "0 B"],
    [850, "bytes", "850 B", "850 B"],
    [999.7, "bytes", "1 kB", "1 kB"],
    [460.4e6, "bytes", "460 MB", "460 MB"],
    [999.7e6, "bytes", "1.0 GB", "1.0 GB"],
    [10.8e9, "bytes", "10.8 GB", "10.8 GB"],
    [24e9, "bytes", "24.0 GB", "24.0 GB"],
    [99.97e9, "bytes", "100 GB", "100 GB"],
    [305.2e9, "bytes", "305 GB", "305 GB"],
    [2e12, "bytes", "2.0 TB", "2.0 TB"],
    [1.2e6, "bytes_per_second", "1.2 MB/s", "1.2 MB/s"],
    [300e3, "bytes_per_second", "300 kB/s", "300 kB/s"],
    [0.4, "seconds", "0 seconds", "0秒"],
    [1, "seconds", "1 second", "1秒"],
    [59.9, "seconds", "59 seconds", "59秒"],
    [3_600, "seconds", "1 hour", "1時間"],
    [4 * 3_600 + 12 * 60 + 59, "seconds", "4 hours 12 minutes", "4時間12分"],
    [3 * DAY + 4 * 3_600 + 240, "seconds", "3 days 4 hours", "3日4時間"],
    [DAY + 3_600, "seconds", "1 day 1 hour", "1日1時間"],
    [2 * DAY + 300, "seconds", "2 days", "2日"],
    [132, "count", "132", "132"],
    [0.94, "count", "0.9", "0.9"],
    [1.96, "count", "2", "2"],
  ])("writes %p %s as %p and %p", (value, unit, en, ja) => {
    expect(formatQuantity(value, unit, "en")).toBe(en);
    expect(formatQuantity(value, unit, "ja")).toBe(ja);
  });

  it.each([-1, NaN, Infinity])("refuses %p", (value) => {
    expect(() => formatQuantity(value, "bytes", "en")).toThrow(RangeError);
  });

  it("never strays from the value by more than half of its last digit", () => {
    const sizes: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e18, noNaN: true }), (value) => {
        const [number, unit] = formatQuantity(value, "bytes", "en").split(" ");
        const decimals = number!.split(".")[1]?.length ?? 0;
        const difference = Math.abs(Number(number) - value / sizes[unit!]!);
        expect(difference).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-6);
      }),
    );
  });
});
