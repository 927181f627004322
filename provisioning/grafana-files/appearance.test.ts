import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isBroken } from "@headroom/alerts/headroom";
import type { Limit } from "@headroom/alerts/limits";
import { steps } from "./appearance.ts";

const some = { id: "some", title: "Some", unit: "ratio" } as const;
const upper = (severity: Limit["severity"], value: number): Limit => ({
  ...some,
  severity,
  bound: "upper",
  upper: value,
});
const lower = (value: number): Limit => ({
  ...some,
  severity: "warning",
  bound: "lower",
  lower: value,
});

describe("steps", () => {
  it("turn from allowed to warning to critical at upper limits", () => {
    expect(steps([upper("critical", 20), upper("warning", 10)])).toEqual([
      { value: null, color: "green" },
      { value: 10, color: "orange" },
      { value: 20, color: "red" },
    ]);
  });

  it("begin with the warning below a lower limit", () => {
    expect(steps([lower(3)])).toEqual([
      { value: null, color: "orange" },
      { value: 3, color: "green" },
    ]);
  });

  it("enclose a band", () => {
    const band: Limit = { ...some, severity: "warning", bound: "band", lower: 1, upper: 2 };
    expect(steps([band]).map(({ color }) => color)).toEqual(["orange", "green", "orange"]);
  });

  it("are one step without a limit", () => {
    expect(steps([])).toEqual([{ value: null, color: "green" }]);
  });

  it("have the colour of the worst broken limit everywhere but at the edges", () => {
    const value = fc.integer({ min: -1000, max: 1000 });
    const limits = fc.array(
      fc.oneof(
        fc.tuple(fc.constantFrom("warning", "critical"), value).map(([s, v]) => upper(s, v)),
        value.map(lower),
      ),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(limits, value, (all, at) => {
        const measured = at + 0.5;
        const found = steps(all).findLast((step) => (step.value ?? -Infinity) <= measured);
        const broken = all.filter((limit) => isBroken(limit, measured));
        const worst = broken.some((l) => l.severity === "critical") ? "red" : "orange";
        expect(found?.color).toBe(broken.length > 0 ? worst : "green");
      }),
    );
  });
});
