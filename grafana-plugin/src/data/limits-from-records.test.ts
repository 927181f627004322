import type { Labels } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import { type LimitRecord, limitsFromRecords } from "./limits-from-records.ts";
import { frameOf } from "./testing/frames.ts";

const record = (rest: Partial<LimitRecord> = {}): LimitRecord => ({
  limit: "latency_p95",
  severity: "warning",
  bound: "upper",
  value: 4,
  labels: {},
  ...rest,
});

const series = (name: string, refId?: string, labels: Labels = {}) => ({
  name,
  labels,
  frame: frameOf([], { refId }),
});

const upper4 = [{ severity: "warning", bound: "upper", upper: 4 }];

describe("limitsFromRecords", () => {
  it.each([
    ["its label limit", series("x", "A", { limit: "latency_p95" })],
    ["its query", series("x", "latency_p95")],
    ["its own name, whatever the punctuation", series("Latency, P95")],
  ])("finds a series' limit by %s", (_, one) => {
    expect(limitsFromRecords(one, [record()])).toEqual(upper4);
  });

  it("prefers the label to the query and the query to the name", () => {
    const records = [
      record({ limit: "a", value: 1 }),
      record({ limit: "b", value: 2 }),
      record({ limit: "c", value: 3 }),
    ];
    const value = (one: ReturnType<typeof series>) => {
      const [limit] = limitsFromRecords(one, records);
      return limit?.bound === "upper" ? limit.upper : undefined;
    };
    expect(value(series("c", "b", { limit: "a" }))).toBe(1);
    expect(value(series("c", "b"))).toBe(2);
    expect(value(series("c", "b", { limit: "unknown" }))).toBe(2);
    expect(value(series("c", "D"))).toBe(3);
    expect(value(series("d", "D"))).toBeUndefined();
  });

  it("wants the labels that both carry to be equal, beside those of the limit itself", () => {
    const records = [
      record({ labels: { host: "a", job: "j" } }),
      record({ value: 7, labels: { host: "b", job: "j" } }),
    ];
    const labels = { host: "a", scope: "process", __name__: "latency", severity: "critical" };
    expect(limitsFromRecords(series("latency_p95", "A", labels), records)).toEqual(upper4);
    expect(limitsFromRecords(series("latency_p95", "A", { host: "c" }), records)).toEqual([]);
    expect(limitsFromRecords(series("latency_p95", "A"), records)).toHaveLength(2);
  });

  it("joins both edges of one limit to a band, and no others", () => {
    const records = [
      record({ bound: "upper", value: 9 }),
      record({ bound: "lower", value: 1 }),
      record({ severity: "critical", bound: "lower", value: 0 }),
      record({ labels: { host: "b" }, bound: "lower", value: 2 }),
    ];
    expect(limitsFromRecords(series("latency_p95"), records)).toEqual([
      { severity: "warning", bound: "band", lower: 1, upper: 9 },
      { severity: "critical", bound: "lower", lower: 0 },
      { severity: "warning", bound: "lower", lower: 2 },
    ]);
  });

  it("does not take names without a letter or digit for equal", () => {
    expect(limitsFromRecords(series("---"), [record({ limit: "_" })])).toEqual([]);
  });
});
