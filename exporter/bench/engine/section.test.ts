import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { asMarkdown, asText, bar, bars, goalRow, verdictInDoubt, type Section } from "./section.ts";

const section: Section = {
  part: "pairs",
  title: "Title",
  how: ["How."],
  tables: [
    {
      title: "Table",
      head: ["name", "rate"],
      rows: [
        ["a|b", "5"],
        ["c", "1,200"],
      ],
    },
  ],
  conclusions: ["So."],
  figures: {},
};

describe("a section", () => {
  it("is text with its figures set to the right", () => {
    expect(asText(section).split("\n")).toEqual([
      ...["Title", "-----", "", "How.", "", "Table"],
      ...["name   rate", "a|b       5", "c     1,200", "", "So."],
    ]);
  });

  it("is Markdown whose cells cannot end a row", () => {
    expect(asMarkdown(section).split("\n")).toEqual([
      ...["## Title", "", "How.", "", "### Table", ""],
      ...["| name | rate |", "| --- | --- |", "| a\\|b | 5 |", "| c | 1,200 |", "", "So."],
    ]);
  });
});

describe("a bar", () => {
  it.each([
    [8, 8, "████"],
    [4, 8, "██"],
    [1, 8, "▌"],
    [5, 8, "██▌"],
    [0.001, 8, "▏"],
    [16, 8, "████"],
    [0, 8, ""],
    [-1, 8, ""],
    [Number.NaN, 8, ""],
    [1, 0, ""],
  ])("of %p of %p in four characters is %p", (value, most, expected) => {
    expect(bar(value, most, 4)).toBe(expected);
  });

  it("is never longer than its width, and longer for more", () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.integer({ min: 1, max: 40 }), (a, b, width) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((v) => bar(v, 1, width).length);
        expect(less).toBeLessThanOrEqual(more!);
        expect(more).toBeLessThanOrEqual(width);
      }),
    );
  });
});

it("the largest of several bars is full", () => {
  expect(bars([1, 2, Number.NaN], 2)).toEqual(["█", "██", ""]);
});

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
