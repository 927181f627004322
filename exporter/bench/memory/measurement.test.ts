import { describe, expect, it } from "@jest/globals";
import { hasNoHeadroom, tableOf, type Measurement } from "./measurement.ts";

const measured = (value: number, unit: Measurement["check"]["unit"]): Measurement => ({
  check: { title: `a ${unit}`, unit, upper: 1_000 },
  value,
  how: "by a test",
});

describe("a measurement", () => {
  it.each([
    [999, false],
    [-5_000, false],
    [1_000, true],
    [1_001, true],
  ])("of %p below 1000 has no headroom: %p", (value, broken) => {
    expect(hasNoHeadroom(measured(value, "bytes"))).toBe(broken);
  });

  it("that is not a number is not taken for one within its limit", () => {
    expect(hasNoHeadroom(measured(Number.NaN, "bytes"))).toBe(true);
  });
});

describe("the table", () => {
  it("says what was measured, its limit, the verdict and how", () => {
    const table = tableOf([
      measured(1e6, "bytes"),
      measured(500, "bytes_per_answer"),
      measured(0.5, "ratio"),
    ]);
    expect(table.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["measured", "value", "allowed", "verdict", "how"],
      ["a bytes", "1.0 MB", "below 0.0 MB", "BROKEN", "by a test"],
      ["a bytes_per_answer", "0.5 kB/answer", "below 1.0 kB/answer", "ok", "by a test"],
      ["a ratio", "50 %", "below 100000 %", "ok", "by a test"],
    ]);
  });
});
