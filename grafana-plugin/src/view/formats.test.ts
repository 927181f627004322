import { type Field, FieldType, MappingType } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import {
  axisFormat,
  formatHeadroom,
  formatNumber,
  formatShare,
  formatValue,
  isMapped,
} from "./formats.ts";

const field = (config: Field["config"]): Field => ({
  name: "value",
  type: FieldType.number,
  config,
  values: [],
});

describe("formatValue", () => {
  it("uses the unit and decimals of the field", () => {
    expect(formatValue(field({ unit: "s" }), 0.48)).toBe("480 ms");
    expect(formatValue(field({ unit: "decbytes", decimals: 1 }), 3.36e9)).toBe("3.4 GB");
  });

  it("uses the field's value mappings", () => {
    const mappings = [
      { type: MappingType.ValueToText, options: { "0": { text: "idle" } } },
    ] as const;
    expect(formatValue(field({ mappings: [...mappings] }), 0)).toBe("idle");
  });

  it("prefers the processor that the dashboard made", () => {
    const display = () => ({ text: "seven", numeric: 7 });
    expect(formatValue({ ...field({}), display }, 7)).toBe("seven");
  });
});

describe("the numbers of an axis", () => {
  it.each([
    ["s", 1.08, ["0 s", "0.2 s", "1 s"]],
    ["s", 0.54, ["0 ms", "200 ms", "1000 ms"]],
    ["decbytes", 4.1e10, ["0 GB", "2e-10 GB", "1e-9 GB"]],
    ["percentunit", 0.216, ["0 %", "20 %", "100 %"]],
    ["suffix:nats", 2.7, ["0 nats", "0.2 nats", "1 nats"]],
    ["none", 0.8, ["0", "0.2", "1"]],
  ])("have one unit, that of the largest, after a space: %s", (unit, largest, words) => {
    const write = axisFormat(field({ unit }), largest);
    expect([0, 0.2, 1].map(write)).toEqual(words);
  });

  it("are written whatever the unit and however large", () => {
    for (const unit of ["dateTimeAsIso", "string", "bool", "unheard of"]) {
      for (const largest of [0, 1, 5e-324, 1e308]) {
        expect(typeof axisFormat(field({ unit }), largest)(1)).toBe("string");
      }
    }
  });
});

describe("a value that is only known to be more", () => {
  const result = { text: "more than 5 s" };
  const mappings = [{ type: MappingType.RangeToText, options: { from: 5, to: null, result } }];
  const p95 = field({ unit: "s", mappings: mappings as never });

  it("is said in the words of its mapping, and in numbers on an axis", () => {
    expect(formatValue(p95, 5)).toBe("more than 5 s");
    expect(formatNumber(p95, 5)).toBe("5 s");
    expect([5, 4.9].map((value) => isMapped(p95, value))).toEqual([true, false]);
    expect(isMapped(field({ unit: "s" }), 5)).toBe(false);
  });

  it("uses the field's own processor, as the dashboard made it", () => {
    const display = (value: unknown) => ({ text: value === 5 ? "plenty" : "5", numeric: 5 });
    expect(isMapped({ ...p95, display }, 5)).toBe(true);
  });

  it("has no number of times that it is the limit", () => {
    const limit = { bound: "upper", upper: 0.5 } as const;
    expect(formatHeadroom(limit, p95, 5)).toBe("beyond the limit");
    expect(formatHeadroom(limit, p95, 4)).toBe("8 times the limit");
    expect(formatHeadroom({ bound: "upper", upper: 10 }, p95, 5)).toBe("50 %");
  });
});

describe("formatHeadroom", () => {
  it.each([
    [5.265, "10 times the limit"],
    [0.625, "-25 %"],
    [0.5, "0 %"],
    [0.4999, "0.0 %"],
    [0.498, "0.4 %"],
    [0.0005, "99.9 %"],
    [0.28, "44 %"],
    [0.50001, "0.0 %"],
  ])("says of %d beside 0.5 what report and terminal say: %s", (value, words) => {
    expect(formatHeadroom({ bound: "upper", upper: 0.5 }, field({ unit: "s" }), value)).toBe(words);
  });
});

describe("formatShare", () => {
  it.each([
    [0.5, "50 %"],
    [1, "100 %"],
    [0, "0 %"],
    [-0.2, "−20 %"],
    [0.999, "99.9 %"],
    [0.001, "0.1 %"],
    [-0.00001, "0.0 %"],
    [NaN, "unknown"],
  ])("says %d as %s", (share, text) => {
    expect(formatShare(share)).toBe(text);
  });
});
