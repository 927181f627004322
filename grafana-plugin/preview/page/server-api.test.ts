import { describe, expect, it } from "@jest/globals";
import { safeUrl } from "./server-api.ts";

describe("safeUrl", () => {
  it("lets pages through", () => {
    for (const url of ["http://a/b", "HTTPS://a", "/runbooks/x", "#top", "?a=b"]) {
      expect(safeUrl(url)).toBe(url);
    }
  });

  it("refuses what would run or open something", () => {
    for (const url of ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "file:///etc"]) {
      expect(safeUrl(url)).toBe("#");
    }
  });
});
