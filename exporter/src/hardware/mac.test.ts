import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { appleChip } from "./mac.ts";

describe("appleChip", () => {
  it("reads generation and tier of every chip from M1 to M5, and of later ones", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom("base", "Pro", "Max", "Ultra"),
        (generation, tier) => {
          const suffix = tier === "base" ? "" : ` ${tier}`;
          expect(appleChip(`Apple M${generation}${suffix}`)).toEqual({ generation, tier });
        },
      ),
    );
  });

  it.each([
    "Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz",
    "Apple processor",
    "VirtualApple @ 2.50GHz",
    "Apple A12Z Bionic",
    "Apple M4 Mega",
    "Apple M0",
    "",
  ])("does not guess from %j", (brand) => {
    expect(appleChip(brand)).toBeUndefined();
  });
});
