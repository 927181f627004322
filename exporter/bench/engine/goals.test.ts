import { describe, expect, it } from "@jest/globals";
import { goalRow, verdictInDoubt } from "./goals.ts";

describe("a goal", () => {
  it.each([
    [0.7, "reached"],
    [0.69, "MISSED"],
    [undefined, "-"],
  ])("of at least 0.7 with %p is %p", (value, expected) => {
    expect(goalRow("a ratio", value, { atLeast: 0.7, as: "ratio" }).at(-1)).toBe(expected);
  });

  it.each([
    [0.005, 0.004, "reached"],
    [0.02, 0.004, "MISSED"],
    [0.009, 0.004, "unclear: more rounds tell"],
    [0.012, 0.004, "unclear: more rounds tell"],
  ])("of at most 0.01 with %p, known to %p, is %p", (value, doubt, expected) => {
    expect(verdictInDoubt(value, doubt, 0.01)).toBe(expected);
  });
});
