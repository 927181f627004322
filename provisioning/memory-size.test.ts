import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseMemorySize } from "./memory-size.ts";

describe("parseMemorySize", () => {
  it.each([
    ["48GB", 48e9],
    ["16 GiB", 16 * 2 ** 30],
    ["1.5TB", 1.5e12],
    ["512MiB", 512 * 2 ** 20],
    ["100B", 100],
  ])("reads %p", (text, bytes) => expect(parseMemorySize(text)).toBe(bytes));

  it.each(["", "16", "GB", "-1GB", "0GB", "1e3GB", "16gb", "16G", "16 PB", "1,5GB", "NaNGB"])(
    "refuses %p, with the units that it knows",
    (text) => expect(() => parseMemorySize(text)).toThrow(/not a size.*GiB/),
  );

  it("gives whole positive bytes or an error, whatever it is given", () => {
    const anything = fc.oneof(fc.string(), fc.stringMatching(/^[0-9.]{1,20} ?[KMGT]?i?B$/));
    fc.assert(
      fc.property(anything, (text) => {
        try {
          const bytes = parseMemorySize(text);
          expect(Number.isSafeInteger(bytes) && bytes > 0).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
