import { FieldType, toDataFrame } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import { DEFAULT_OPTIONS } from "../options.ts";
import { lanesOf } from "./use-lanes.ts";

const RANGE = { from: 0, to: 100_000 };
const TIMES = [0, 25_000, 50_000, 75_000, 100_000];

/** A frame as a Prometheus query gives it. */
const frame = (refId: string, values: number[], labels = {}, config = {}) =>
  toDataFrame({
    refId,
    fields: [
      { name: "Time", type: FieldType.time, values: TIMES.slice(0, values.length) },
      { name: "Value", type: FieldType.number, values, labels, config },
    ],
  });

const limitFrame = (limit: string, upper: number) =>
  frame("limits", [upper], {
    __name__: "headroom_limit",
    limit,
    severity: "warning",
    bound: "upper",
  });

describe("lanesOf", () => {
  it("gives a series the limit that a query names, and draws no lane for the limit itself", () => {
    const frames = [frame("latency", [1, 1, 1, 1, 2]), limitFrame("latency", 4)];
    const lanes = lanesOf(frames, DEFAULT_OPTIONS, RANGE);
    expect(lanes).toHaveLength(1);
    expect(lanes[0]!.lane.limits).toEqual([{ severity: "warning", bound: "upper", upper: 4 }]);
    expect(lanes[0]!.lane.headroom).toBe(0.5);
  });

  it("prefers thresholds of the field to the panel's rules, and those to the query", () => {
    const thresholds = {
      mode: "absolute",
      steps: [
        { value: -Infinity, color: "green" },
        { value: 10, color: "red" },
      ],
    };
    const rules = [{ series: "/./", severity: "warning", upper: 8 }] as const;
    const frames = [
      frame("a", [5], {}, { thresholds, displayName: "a" }),
      frame("b", [5], {}, { displayName: "b" }),
      limitFrame("a", 6),
      limitFrame("b", 6),
    ];
    const upper = (options: typeof DEFAULT_OPTIONS) =>
      Object.fromEntries(
        lanesOf(frames, options, RANGE).map(({ lane }) => [lane.name, lane.limits]),
      );
    expect(upper({ ...DEFAULT_OPTIONS, limits: rules })).toEqual({
      a: [{ severity: "critical", bound: "upper", upper: 10 }],
      b: [{ severity: "warning", bound: "upper", upper: 8 }],
    });
    expect(upper(DEFAULT_OPTIONS)["b"]).toEqual([
      { severity: "warning", bound: "upper", upper: 6 },
    ]);
  });

  it("sorts by headroom, or as the data comes", () => {
    const frames = [
      ...[frame("far", [1]), frame("broken", [9]), frame("near", [3.5])],
      ...[limitFrame("far", 4), limitFrame("broken", 4), limitFrame("near", 4)],
    ];
    const refIds = (order: "nearest" | "data") =>
      lanesOf(frames, { ...DEFAULT_OPTIONS, order }, RANGE).map(({ series }) => series.frame.refId);
    expect(refIds("nearest")).toEqual(["broken", "near", "far"]);
    expect(refIds("data")).toEqual(["far", "broken", "near"]);
  });

  it("gives the container's lane the container's limit", () => {
    const memory = (scope: string, used: number) =>
      frame("memory", [used], { __name__: "headroom_memory_used_bytes", scope });
    const limit = (scope: string, value: number) =>
      frame("limits", [value], {
        __name__: "headroom_limit",
        ...{ limit: "memory", severity: "warning", bound: "upper", scope },
      });
    const frames = [
      ...[memory("system", 2e9), memory("container", 2e9), limitFrame("latency", 4)],
      ...[limit("system", 33.6e9), limit("container", 2.8e9)],
    ];
    const upper = lanesOf(frames, { ...DEFAULT_OPTIONS, order: "data" }, RANGE).map(({ lane }) =>
      lane.limits.map((one) => (one.bound === "upper" ? one.upper : NaN)),
    );
    expect(upper).toEqual([[33.6e9], [2.8e9]]);
  });

  it("has no lanes without data", () => {
    expect(lanesOf([], DEFAULT_OPTIONS, RANGE)).toEqual([]);
  });
});
