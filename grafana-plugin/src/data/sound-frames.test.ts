import {
  type DataFrame,
  type Field,
  FieldType,
  getActiveThreshold,
  type Threshold,
} from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isBroken } from "@headroom/alerts/headroom";
import type { Limit } from "../model/limit.ts";
import cases from "./fixtures/string-times.json";
import thresholds from "./fixtures/thresholds.json";
import { readLimits } from "./limits-from-records.ts";
import { limitsFromThresholds, severityOfColor } from "./limits-from-thresholds.ts";
import { readSeries } from "./read-series.ts";
import { resolveLimits } from "./resolve-limits.ts";
import { soundFrames } from "./sound-frames.ts";
import { frameOf, numberField, timeField } from "./testing/frames.ts";
import { anyFrames } from "./testing/hostile.ts";

const limitsOf = (stored: unknown) => limitsFromThresholds({ thresholds: stored as never });

describe("thresholds that are not whole", () => {
  it("are read where Grafana survives them", () => {
    const [uncoloured, nullColour, override] = thresholds["throws (panel lost)"];
    expect(limitsOf(uncoloured)).toEqual([]);
    expect(limitsOf(nullColour)).toEqual([]);
    expect(limitsOf(Object.values(override!)[0])).toEqual([]);
    const [text] = thresholds["no limit, Grafana itself turns red"];
    expect(limitsOf(text)).toEqual([{ severity: "critical", bound: "upper", upper: 60 }]);
  });

  it("say what their other steps say", () => {
    const steps = [
      { value: null, color: "green" },
      null,
      { value: 5 },
      { color: "red" },
      { value: 9, color: "red" },
    ];
    expect(limitsOf({ steps })).toEqual([{ severity: "critical", bound: "upper", upper: 9 }]);
    const percent = {
      mode: "percentage",
      steps: [{ color: "green" }, { value: "50", color: "red" }],
    };
    const config = { thresholds: percent, min: "10", max: "20" } as never;
    expect(limitsFromThresholds(config)).toEqual([
      { severity: "critical", bound: "upper", upper: 15 },
    ]);
  });

  /** Steps in the editor's order, with what storing and older versions do to them. */
  const stored = fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 2 }),
      fc.constantFrom("green", "dark-blue", "#73BF69", undefined, null, "", "no-colour"),
      fc.constantFrom("orange", "#FF9830", "yellow"),
      fc.constantFrom("red", "purple", "rgb(242, 73, 92)"),
      fc.tuple(fc.boolean(), fc.boolean(), fc.constantFrom(-Infinity, null, undefined, -99)),
    )
    .map(([edges, allowed, warning, critical, [isText, isRising, base]]) => {
      const [low, high] = edges.sort((a, b) => a - b) as [number, number];
      const write = (value: number) => (isText ? String(value) : value);
      const colours = isRising ? [allowed, warning, critical] : [critical, warning, allowed];
      const at = [base, write(low), write(high)];
      return { low, high, steps: colours.map((color, i) => ({ value: at[i], color })) };
    });

  /** Grafana gives the base its infinity back when it loads a dashboard. */
  const restored = (steps: readonly object[]): Threshold[] =>
    steps.map((step, i) => ({ ...step, ...(i === 0 && { value: -Infinity }) }) as Threshold);

  it("are a limit exactly where Grafana changes to its colour", () => {
    fc.assert(
      fc.property(stored, ({ low, high, steps }) => {
        const limits = limitsOf({ mode: "absolute", steps });
        const isBeyond = (severity: string, value: number) =>
          limits.some((limit) => limit.severity === severity && isBroken(limit, value));
        expect(limits.map(({ severity }) => severity)).toEqual(["warning", "critical"]);
        for (const value of [low - 0.5, (low + high) / 2, high + 0.5]) {
          const { color } = getActiveThreshold(value, restored(steps));
          const level = severityOfColor(color);
          expect(isBeyond("critical", value)).toBe(level === "critical");
          expect(isBeyond("warning", value)).toBe(level !== "allowed");
        }
      }),
    );
  });
});

describe("times that are no numbers", () => {
  const milliseconds = [1_780_000_000_000, 1_780_000_030_000, 1_780_000_060_000];
  const values = [70, 75, 90];

  it("are read from texts", () => {
    const [series] = readSeries([cases as unknown as DataFrame]);
    const times = cases.fields[0]!.values.map((text) => Date.parse(text as string));
    expect(series).toMatchObject({ times, values });
    expect(times[0]).toBe(Date.UTC(2026, 4, 28, 20, 25));
  });

  it("are read from dates, and from texts after a row without a time", () => {
    const dates = milliseconds.map((time) => new Date(time));
    expect(readSeries([frameOf([timeField(dates), numberField(values)])])[0]).toMatchObject({
      times: milliseconds,
      values,
    });
    const texts = [null, ...dates.map((date) => date.toISOString()), "no time", {}];
    const column = [1, ...values, 2, 3];
    expect(readSeries([frameOf([timeField(texts), numberField(column)])])[0]).toMatchObject({
      times: milliseconds,
      values,
    });
  });

  const time = fc.oneof(
    fc.integer({ min: 1, max: 2_000_000_000_000 }),
    fc.constantFrom(null, undefined),
  );
  const number = fc.oneof(
    fc.double(),
    fc.constantFrom(null, undefined, NaN, Infinity, -Infinity, "7"),
  );
  const written = fc.constantFrom<(at: number) => unknown>(
    (at) => at,
    (at) => new Date(at),
    (at) => new Date(at).toISOString(),
  );

  it("keep every value that Grafana's time series panel draws", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(time, number), { maxLength: 30 }), written, (rows, write) => {
        const times = rows.map(([at]) => (typeof at !== "number" ? at : write(at)));
        const column = rows.map(([, value]) => value);
        const [series] = readSeries([frameOf([timeField(times), numberField(column)])]);
        const drawn = new Map<number, number | null>();
        for (const [at, value] of rows) {
          if (typeof at !== "number") continue;
          if (Number.isFinite(value)) drawn.set(at, value as number);
          else if (!drawn.has(at)) drawn.set(at, null);
        }
        const ours = new Map(series?.times.map((at, i) => [at, series.values[i]]));
        expect(ours).toEqual(drawn);
      }),
    );
  });
});

describe("any frames", () => {
  it("are read without a fault, into numbers in the order of time and usable limits", () => {
    fc.assert(
      fc.property(anyFrames, (frames) => {
        const { records, rest } = readLimits(frames as DataFrame[]);
        for (const series of readSeries(rest, { at: 1, namedAmong: frames as DataFrame[] })) {
          expect(typeof series.name).toBe("string");
          expect(series.values).toHaveLength(series.times.length);
          const { limits } = resolveLimits(series, { rules: [], records });
          for (const limit of limits as Limit[]) expect(isBroken(limit, NaN)).toBe(false);
          series.times.forEach((time, i) => {
            expect(Number.isFinite(time)).toBe(true);
            if (i > 0) expect(time).toBeGreaterThan(series.times[i - 1]!);
            expect(series.values[i] === null || Number.isFinite(series.values[i])).toBe(true);
          });
        }
      }),
      { numRuns: 500 },
    );
  });

  it("stay the objects that they are when they are sound", () => {
    const frame = frameOf([
      timeField([1, 2]),
      numberField([5, 6], "Value", { labels: { a: "b" } }),
    ]);
    expect(soundFrames([frame])[0]).toBe(frame);
    const [once] = soundFrames([{ fields: [{ type: FieldType.number, values: [1] }] }]);
    expect(soundFrames([once])[0]).toBe(once);
    expect(once).toMatchObject({ length: 1, fields: [{ name: "", config: {} } as Field] });
  });
});
