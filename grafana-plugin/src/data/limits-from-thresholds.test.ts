import { type Threshold, ThresholdsMode } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isBroken } from "@headroom/alerts/headroom";
import type { Limit, Severity } from "../model/limit.ts";
import { limitsFromThresholds } from "./limits-from-thresholds.ts";

const steps = (base: string, ...rest: [number, string][]): Threshold[] => [
  { value: -Infinity, color: base },
  ...rest.map(([value, color]) => ({ value, color })),
];

const read = (thresholds: Threshold[], mode = ThresholdsMode.Absolute) =>
  limitsFromThresholds({ thresholds: { mode, steps: thresholds } });

const upper = (severity: Severity, value: number): Limit => ({
  severity,
  bound: "upper",
  upper: value,
});
const lower = (severity: Severity, value: number): Limit => ({
  severity,
  bound: "lower",
  lower: value,
});
const band = (severity: Severity, low: number, high: number): Limit => ({
  severity,
  bound: "band",
  lower: low,
  upper: high,
});

describe("limitsFromThresholds", () => {
  it("reads rising colours as upper limits", () => {
    expect(read(steps("green", [3, "orange"], [7, "red"]))).toEqual([
      upper("warning", 3),
      upper("critical", 7),
    ]);
    expect(read(steps("green", [7, "red"]))).toEqual([upper("critical", 7)]);
  });

  it("reads falling colours as lower limits", () => {
    expect(read(steps("dark-red", [3, "#FF9830"], [7, "green"]))).toEqual([
      lower("warning", 7),
      lower("critical", 3),
    ]);
  });

  it("reads colours on both sides as bands", () => {
    expect(read(steps("orange", [3, "green"], [7, "orange"]))).toEqual([band("warning", 3, 7)]);
    expect(read(steps("red", [1, "orange"], [3, "green"], [7, "orange"], [9, "red"]))).toEqual([
      band("warning", 3, 7),
      band("critical", 1, 9),
    ]);
  });

  it("reads each severity for itself", () => {
    expect(read(steps("red", [1, "green"], [7, "orange"]))).toEqual([
      upper("warning", 7),
      lower("critical", 1),
    ]);
    expect(read(steps("red", [1, "orange"], [2, "green"], [4, "red"]))).toEqual([
      lower("warning", 2),
      band("critical", 1, 4),
    ]);
  });

  it("joins neighbouring steps of one level", () => {
    expect(
      read(steps("green", [1, "blue"], [3, "yellow"], [5, "orange"], [7, "red"], [9, "purple"])),
    ).toEqual([upper("warning", 3), upper("critical", 7)]);
  });

  it.each([
    ["only the base", steps("green")],
    ["only a red base", steps("red")],
    ["all steps allowed", steps("green", [3, "blue"], [7, "transparent"])],
    ["no step allowed", steps("orange", [7, "red"])],
    ["no step", []],
  ])("gives none for %s", (_, thresholds) => {
    expect(read(thresholds)).toEqual([]);
  });

  it("gives none when what is left lies in several stretches", () => {
    expect(read(steps("green", [3, "red"], [7, "green"]))).toEqual([]);
    // The warning does, the critical limit does not.
    expect(read(steps("green", [3, "orange"], [5, "green"], [7, "red"]))).toEqual([
      upper("critical", 7),
    ]);
  });

  it("takes the first step as the base, whatever its value, as JSON has no infinity", () => {
    const base = { value: null as unknown as number, color: "green" };
    expect(read([base, { value: 7, color: "red" }])).toEqual([upper("critical", 7)]);
    expect(
      read([
        { value: 0, color: "red" },
        { value: 7, color: "green" },
      ]),
    ).toEqual([lower("critical", 7)]);
  });

  it("sorts steps, and leaves out those without a value", () => {
    const mixed = [
      { value: 7, color: "red" },
      { value: NaN, color: "red" },
      { value: -Infinity, color: "green" },
      { value: 3, color: "orange" },
    ];
    expect(read(mixed)).toEqual([upper("warning", 3), upper("critical", 7)]);
  });

  it("counts percentages from min to max, and needs both", () => {
    const thresholds = {
      mode: ThresholdsMode.Percentage,
      steps: steps("green", [50, "orange"], [90, "red"]),
    };
    expect(limitsFromThresholds({ thresholds, min: 10, max: 20 })).toEqual([
      upper("warning", 15),
      upper("critical", 19),
    ]);
    expect(limitsFromThresholds({ thresholds, min: 10 })).toEqual([]);
    expect(limitsFromThresholds({ thresholds, max: 20 })).toEqual([]);
    expect(limitsFromThresholds({ thresholds, min: 20, max: 20 })).toEqual([]);
  });

  it("gives none without thresholds", () => {
    expect(limitsFromThresholds({})).toEqual([]);
  });

  it("reads back every set of limits that colours can say", () => {
    const allowed = fc.constantFrom("green", "dark-blue", "transparent", "#73BF69");
    const warning = fc.constantFrom("orange", "light-yellow", "#FF9830", "rgb(255, 152, 48)");
    const critical = fc.constantFrom("red", "semi-dark-purple", "#F2495C");
    const edges = fc
      .uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 4, maxLength: 4 })
      .map((all) => all.sort((a, b) => a - b));
    const present = fc.record({
      lowCritical: fc.boolean(),
      lowWarning: fc.boolean(),
      highWarning: fc.boolean(),
      highCritical: fc.boolean(),
    });
    fc.assert(
      fc.property(edges, present, allowed, warning, critical, (at, has, green, orange, red) => {
        const [a, b, c, d] = at as [number, number, number, number];
        const regions: [number, string][] = [
          ...(has.lowCritical ? [[-Infinity, red] as [number, string]] : []),
          ...(has.lowWarning
            ? [[has.lowCritical ? a : -Infinity, orange] as [number, string]]
            : []),
          [has.lowWarning ? b : has.lowCritical ? a : -Infinity, green],
          ...(has.highWarning ? [[c, orange] as [number, string]] : []),
          ...(has.highCritical ? [[d, red] as [number, string]] : []),
        ];
        const limits = read(regions.map(([value, color]) => ({ value, color })));
        const expected = [
          expectedLimit("warning", has.lowWarning ? b : undefined, has.highWarning ? c : undefined),
          expectedLimit(
            "critical",
            has.lowCritical ? a : undefined,
            has.highCritical ? d : undefined,
          ),
        ].flatMap((limit) => limit ?? []);
        expect(limits).toEqual(expected);
        // What is broken is what is coloured, between the edges where no rounding plays a part.
        for (const value of [a - 0.5, (a + b) / 2, (b + c) / 2, (c + d) / 2, d + 0.5]) {
          const color = regions.findLast(([from]) => value > from)![1];
          const isRed = limits.some((l) => l.severity === "critical" && isBroken(l, value));
          expect(isRed).toBe(color === red);
          expect(limits.some((l) => isBroken(l, value))).toBe(color !== green);
        }
      }),
    );
  });
});

function expectedLimit(
  severity: Severity,
  low: number | undefined,
  high: number | undefined,
): Limit | undefined {
  if (low !== undefined && high !== undefined) return band(severity, low, high);
  if (high !== undefined) return upper(severity, high);
  return low === undefined ? undefined : lower(severity, low);
}
