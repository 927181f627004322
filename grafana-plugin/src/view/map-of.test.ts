import { FieldType, toDataFrame } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import { DEFAULT_OPTIONS } from "../options.ts";
import { mapOf } from "./map-of.ts";

const RANGE = { from: 0, to: 40_000 };

const frame = (displayName: string, values: number[]) =>
  toDataFrame({
    refId: displayName,
    fields: [
      { name: "Time", type: FieldType.time, values: values.map((_, i) => 10_000 * (i + 1)) },
      { name: "Value", type: FieldType.number, values, config: { displayName } },
    ],
  });

const limits = [
  { series: "Entropy", severity: "warning", lower: 1, upper: 2 },
  { series: "Sparsity", severity: "warning", lower: 0.3 },
] as const;

describe("mapOf", () => {
  it("puts entropy against sparsity and judges every moment by both limits", () => {
    const frames = [frame("Entropy", [1.5, 1.5, 3]), frame("Sparsity", [0.5, 0.2, 0.5])];
    const found = mapOf(frames, { ...DEFAULT_OPTIONS, limits }, RANGE);
    expect(found.map?.insideShare).toBeCloseTo(1 / 3);
    expect(found.map?.outside).toEqual([{ axis: "x", side: "above" }]);
  });

  it("shows one of several grids with its own series: the wanted one, else the one with the most", () => {
    const ofMethod = (name: string, value: number, method: string, labels = {}) => {
      const one = frame(name, [value]);
      one.fields[1]!.labels = { method, ...labels };
      return one;
    };
    const grid = (count: number, method: string) =>
      ofMethod("messages", count, method, { entropy_le: "2", sparsity_le: "1" });
    const frames = [
      ...["occlusion", "prefix"].flatMap((method, i) => [
        ofMethod("Entropy", 1.5 + i, method),
        ofMethod("Sparsity", 0.5, method),
      ]),
      ...[grid(100, "occlusion"), grid(300, "prefix")],
    ];
    const found = (wanted?: string) => mapOf(frames, { ...DEFAULT_OPTIONS, limits }, RANGE, wanted);
    expect(found()).toMatchObject({ group: "prefix", groups: ["occlusion", "prefix"] });
    expect(found().map).toMatchObject({ messages: 300, current: { x: 2.5 } });
    expect(found("occlusion").map).toMatchObject({ messages: 100, current: { x: 1.5 } });
    expect(found("gone")).toMatchObject({ group: "prefix" });
  });

  it("says which series it misses", () => {
    const found = mapOf([frame("Entropy", [1])], DEFAULT_OPTIONS, RANGE);
    expect(found.map).toBeUndefined();
    expect(found).toHaveProperty("problems", [expect.stringContaining("/sparsity/i")]);
  });
});
