import { describe, expect, it } from "@jest/globals";
import { theilSenSlope } from "./slope.ts";

const line = (slope: number) =>
  Array.from({ length: 20 }, (_, index) => ({ at: index * 300, value: 7 + slope * index * 300 }));

describe("the Theil-Sen slope", () => {
  it("is that of a line", () => {
    expect(theilSenSlope(line(2.5))).toBeCloseTo(2.5);
  });

  it("is not moved by a peak", () => {
    const points = line(1).map((point, index) => (index === 10 ? { ...point, value: 1e9 } : point));
    expect(theilSenSlope(points)).toBeCloseTo(1);
  });

  it("does not exist for one point", () => {
    expect(theilSenSlope([{ at: 0, value: 1 }])).toBeNaN();
  });
});
