import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { NAME_LENGTH, overWindow, plainName } from "./reader.ts";

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

const NEVER = new AbortController().signal;

/** A reader that counts how often it was counted, and tells between which counts it read. */
function counting(minWindowMs: number) {
  let counts = 0;
  return overWindow(
    () => ++counts,
    (before: number, after: number, seconds) => ({ before, after, seconds }),
    minWindowMs,
  );
}

describe("overWindow", () => {
  it("counts twice at first, and then once from the last count on", async () => {
    const read = counting(5);
    expect(await read(NEVER)).toMatchObject({ before: 1, after: 2 });
    expect(await read(NEVER)).toMatchObject({ before: 2, after: 3 });
  });

  it("never takes a rate over less than its shortest window", async () => {
    const read = counting(20);
    for (let reading = 0; reading < 3; reading++) {
      // Timers may be a little early.
      expect((await read(NEVER)).seconds).toBeGreaterThanOrEqual(0.015);
    }
  });

  it("ends its pause when the signal aborts", async () => {
    const stop = new AbortController();
    const reading = counting(60_000)(stop.signal);
    stop.abort();
    await expect(reading).rejects.toThrow("aborted");
  });
});
