import { type Field, FieldType, MappingType } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import { formatShare, formatValue } from "./formats.ts";

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
