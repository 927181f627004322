import { describe, expect, it } from "@jest/globals";
import { inMarkdown, sizeText } from "./format.ts";

describe("inMarkdown", () => {
  it("draws the first row as the head, and lets no cell end its row", () => {
    expect(
      inMarkdown([
        ["a", "b"],
        ["x | y", "two\nlines"],
      ]),
    ).toBe("| a | b |\n| --- | --- |\n| x \\| y | two lines |\n");
  });
});

describe("sizeText", () => {
  it.each([
    [348_000, "348 kB"],
    [98_362_432, "98 MB"],
    [2_497_280_256, "2.5 GB"],
  ])("writes %d bytes as %s", (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});
