import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { clausesOf } from "./clauses.ts";

/** The clauses as text, with a bar before those that begin a sentence. */
const read = (text: string): readonly string[] =>
  clausesOf(text)
    .map(
      ({ start, end, sentence }) => (sentence === start ? "|" : "") + text.slice(start, end).trim(),
    )
    .filter((clause) => !/^\|?$/.test(clause));

describe("the clauses of a text", () => {
  it.each([
    ["The CPU is busy, the disk is not.", ["|The CPU is busy,", "the disk is not."]],
    ["It is 10.8 GB. More.", ["|It is 10.8 GB.", "|More."]],
    ["It has 1,024 MB; fine", ["|It has 1,024 MB;", "fine"]],
    ["It is fine while it lasts", ["|It is fine while", "it lasts"]],
    ["WARNING: memory", ["|WARNING:", "memory"]],
    ["C:\\data and 12:30", ["|C:\\data and 12:30"]],
    ["One line\nanother", ["|One line", "|another"]],
    ["CPUは正常で、メモリは警告です。終わり", ["|CPUは正常で、", "メモリは警告です。", "|終わり"]],
  ])("of %j", (text, clauses) => {
    expect(read(text)).toEqual(clauses);
  });

  it("follow each other without a gap, over the whole text, each in its sentence", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const clauses = clausesOf(text);
        expect(clauses[0]!.start).toBe(0);
        expect(clauses.at(-1)!.end).toBeGreaterThan(text.length);
        clauses.forEach(({ start, end, sentence }, i) => {
          expect(end).toBe(clauses[i + 1]?.start ?? end);
          expect(end).toBeGreaterThan(start);
          expect(sentence).toBeLessThanOrEqual(start);
        });
      }),
    );
  });
});
