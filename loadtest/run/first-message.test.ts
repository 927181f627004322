import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { firstMessageAt } from "./first-message.ts";

it("gives runs that follow each other messages of their own", () => {
  const fastest = 10_000;
  fc.assert(
    fc.property(fc.nat(2 ** 40), fc.integer({ min: 1, max: 3_600 }), (now, seconds) => {
      const distance = Math.abs(firstMessageAt(now + seconds * 1_000) - firstMessageAt(now));
      expect(distance).toBeGreaterThanOrEqual(seconds * fastest);
    }),
  );
});
