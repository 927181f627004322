import { describe, expect, it } from "@jest/globals";
import { sizeText } from "./size-text.ts";

describe("sizeText", () => {
  it.each([
    [348_000, "348 kB"],
    [98_362_432, "98 MB"],
    [2_497_280_256, "2.5 GB"],
  ])("writes %d bytes as %s", (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});
