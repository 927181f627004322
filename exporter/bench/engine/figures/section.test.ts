import { describe, expect, it } from "@jest/globals";
import { asMarkdown, asText, type Section } from "./section.ts";

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
