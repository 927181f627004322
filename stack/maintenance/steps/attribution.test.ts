import { describe, expect, it } from "@jest/globals";
import { limit } from "@headroom/alerts/limits";
import { MAINTENANCE_LIMITS } from "@headroom/alerts/maintenance";
import { inRangeRow, undefinedRow } from "./attribution.ts";

describe("attributions", () => {
  const { attributionInRange, attributionUndefined } = MAINTENANCE_LIMITS;
  const entropy = { name: "entropy", method: "prefix", runbook: "X" };
  const allowed = limit("attribution_entropy", "warning");

  it("must be in range for enough messages", () => {
    expect(inRangeRow(entropy, attributionInRange, allowed).verdict).toBe("pass");
    expect(inRangeRow(entropy, attributionInRange - 0.01, allowed).verdict).toBe("fail");
    expect(inRangeRow(entropy, Number.NaN, allowed).verdict).toBe("unknown");
  });

  it("must be defined for enough messages", () => {
    expect(undefinedRow(1, 99).verdict).toBe("pass");
    const bad = 1000 * attributionUndefined;
    expect(undefinedRow(bad, 1000 - bad).verdict).toBe("fail");
    expect(undefinedRow(Number.NaN, 5).verdict).toBe("unknown");
  });
});
