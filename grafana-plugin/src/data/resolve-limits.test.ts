import { type FieldConfig, ThresholdsMode } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import { readLimits } from "./limits-from-records.ts";
import { readSeries } from "./read-series.ts";
import { resolveLimits } from "./resolve-limits.ts";
import { frameOf, limitFrame, numberField, timeField } from "./testing/frames.ts";

const thresholds = {
  mode: ThresholdsMode.Absolute,
  steps: [
    { value: -Infinity, color: "green" },
    { value: 1, color: "red" },
  ],
};
const onlyBase = { mode: ThresholdsMode.Absolute, steps: [{ value: -Infinity, color: "green" }] };
const rules = [{ series: "load", severity: "warning", upper: 2 }] as const;
const { records } = readLimits([
  limitFrame({ limit: "load", severity: "warning", bound: "upper" }, 3),
]);

const series = (config: FieldConfig = {}) =>
  readSeries([frameOf([timeField([1]), numberField([1], "load", { config })])])[0]!;

describe("resolveLimits", () => {
  it("takes the first source that gives any limit", () => {
    expect(resolveLimits(series({ thresholds }), { rules, records })).toEqual({
      limits: [{ severity: "critical", bound: "upper", upper: 1 }],
      source: "thresholds",
    });
    expect(resolveLimits(series({ thresholds: onlyBase }), { rules, records })).toEqual({
      limits: [{ severity: "warning", bound: "upper", upper: 2 }],
      source: "options",
    });
    expect(resolveLimits(series(), { rules: [], records })).toEqual({
      limits: [{ severity: "warning", bound: "upper", upper: 3 }],
      source: "query",
    });
    expect(resolveLimits(series(), { rules: [], records: [] })).toEqual({
      limits: [],
      source: "none",
    });
  });

  it("takes the field's greatest value for the other end of a lower limit, and of no other", () => {
    const both = [
      { series: "load", severity: "warning", lower: 0.9 },
      { series: "load", severity: "critical", upper: 2 },
    ] as const;
    expect(resolveLimits(series({ max: 1 }), { rules: both, records: [] }).limits).toEqual([
      { severity: "warning", bound: "lower", lower: 0.9, most: 1 },
      { severity: "critical", bound: "upper", upper: 2 },
    ]);
  });

  it("puts warning before critical and gives each limit once", () => {
    const { limits } = resolveLimits(series(), {
      rules: [
        { series: "load", severity: "critical", upper: 9 },
        { series: "load", severity: "warning", upper: 5 },
        { series: "/load/", severity: "warning", upper: 5 },
        { series: "load", severity: "warning", lower: 5 },
      ],
      records: [],
    });
    expect(limits).toEqual([
      { severity: "warning", bound: "upper", upper: 5 },
      { severity: "warning", bound: "lower", lower: 5 },
      { severity: "critical", bound: "upper", upper: 9 },
    ]);
  });

  it("leaves out limits that cannot be met or are not finite, and asks the next source", () => {
    const unusable = [
      { series: "load", severity: "warning", lower: 5, upper: 5 },
      { series: "load", severity: "warning", lower: 6, upper: 5 },
      { series: "load", severity: "critical", upper: Infinity },
      { series: "load", severity: "critical", lower: NaN },
    ] as const;
    expect(resolveLimits(series(), { rules: unusable, records }).source).toBe("query");
  });
});
