import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { NAME_LENGTH, plainName } from "./name.ts";

describe("plainName", () => {
  it.each([
    ["/Volumes/Mein  Laufwerk", "/Volumes/Mein Laufwerk"],
    ["日本語", "日本語"],
    ["two\nlines\tand a tab", "two lines and a tab"],
    ["\u001b[31mred\u0007", "[31mred"],
    ["abc\u202etxt.exe", "abctxt.exe"],
    [" \u0000 ", "(unnamed)"],
    ["", "(unnamed)"],
  ])("makes %j into %j", (name, plain) => {
    expect(plainName(name)).toBe(plain);
  });

  it("is short, in one line and never empty, and stays as it is the second time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (name) => {
        const plain = plainName(name);
        expect([...plain].length).toBeLessThanOrEqual(NAME_LENGTH);
        expect(plain).toMatch(/^\P{C}+$/u);
        expect(plainName(plain)).toBe(plain);
      }),
    );
  });
});
