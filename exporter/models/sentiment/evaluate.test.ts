import { describe, expect, it } from "@jest/globals";
import { share } from "./evaluate.ts";

describe("Wilson's interval", () => {
  it("gives the textbook's values", () => {
    // Newcombe 1998, table I: 81 of 263 and 0 of 20.
    const common = share(81, 263);
    expect(common.low).toBeCloseTo(0.2553, 4);
    expect(common.high).toBeCloseTo(0.3662, 4);
    expect(share(0, 20).low).toBeCloseTo(0, 10);
    expect(share(0, 20).high).toBeCloseTo(0.1611, 4);
  });
});
