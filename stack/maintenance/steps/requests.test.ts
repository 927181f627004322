import { describe, expect, it } from "@jest/globals";
import { limit } from "@headroom/alerts/limits";
import { errorsRow } from "./requests.ts";

describe("errors", () => {
  const allowed = limit("error_ratio", "warning");

  it("pass only at zero", () => {
    expect(errorsRow(0, 1000, allowed).verdict).toBe("pass");
    const one = errorsRow(0.9, 1000, allowed);
    expect(one).toMatchObject({ verdict: "fail", observed: "0.1 % (1 of 1,000)" });
    expect(one.detail).toContain("within the limit of the alert");
    expect(errorsRow(100, 1000, allowed).detail).toContain("beyond the limit of the alert");
  });

  it("are unknown without requests", () => {
    expect(errorsRow(0, 0, allowed).verdict).toBe("unknown");
    expect(errorsRow(Number.NaN, Number.NaN, allowed).verdict).toBe("unknown");
  });
});
