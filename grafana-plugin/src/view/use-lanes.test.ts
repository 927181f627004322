import { FieldType, toDataFrame } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import type { Advice } from "../model/lane/alert.ts";
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

  it("gives a lane the alerts about its limit on its machine, and draws no lane for them", () => {
    const alert = (labels: object, value: number) =>
      frame("alerts", [value], {
        ...{ alertname: "High", alertstate: "firing", severity: "warning", limit: "memory" },
        ...labels,
      });
    const advice: Advice = {
      ...{ alert: "High", limits: ["memory"], severity: "warning", holdSeconds: 120 },
      ...{ runbookUrl: "http://r/High", action: "Stop it." },
    };
    const frames = [
      ...[frame("memory", [1], { instance: "a" }), frame("memory", [1], { instance: "b" })],
      ...[alert({ instance: "b" }, 1_800_000_000), alert({ instance: "c" }, 1_700_000_000)],
      alert({ limit: "errors", instance: "a" }, 1_700_000_000),
    ];
    const lanes = lanesOf(frames, { ...DEFAULT_OPTIONS, advice: [advice] }, RANGE);
    expect(lanes.map(({ lane }) => lane.alert?.since)).toEqual([undefined, 1_800_000_000_000]);
    expect(lanes.map(({ lane }) => lane.advice)).toEqual([undefined, advice]);
  });

  it("gives what is broken the advice on its severity before any alert is there", () => {
    const advice = (["warning", "critical"] as const).map((severity) => ({
      ...{ alert: severity, limits: ["errors", "latency"], severity, holdSeconds: 1 },
      ...{ runbookUrl: "", action: severity },
    }));
    const frames = [
      frame(
        "latency",
        TIMES.map(() => 5),
      ),
      frame("errors", [3]),
      limitFrame("latency", 4),
    ];
    const lanes = lanesOf(frames, { ...DEFAULT_OPTIONS, advice }, RANGE);
    expect(lanes.map(({ lane }) => lane.advice?.action)).toEqual(["warning", undefined]);
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
    const upper = lanesOf(frames, DEFAULT_OPTIONS, RANGE).map(({ lane }) =>
      lane.limits.map((one) => (one.bound === "upper" ? one.upper : NaN)),
    );
    expect(upper).toEqual([[33.6e9], [2.8e9]]);
  });

  it("has no lanes without data", () => {
    expect(lanesOf([], DEFAULT_OPTIONS, RANGE)).toEqual([]);
  });
});
