import type { FieldConfigSource } from "@grafana/data";
import { ThresholdsMode } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { changePanelType, migrateOptions } from "./migrations.ts";
import { DEFAULT_OPTIONS } from "./options.ts";

const full = {
  version: 2,
  view: "map",
  order: "data",
  nearRatio: 0.4,
  showForecast: false,
  limits: [{ series: "a", severity: "critical", upper: 3, lower: 1 }],
  fold: "/^a/",
  advice: [
    {
      ...{ alert: "High", limits: ["a"], severity: "critical", holdSeconds: 60 },
      ...{ runbookUrl: "http://localhost/runbook", action: "Stop it." },
    },
  ],
  mapX: "a",
  mapY: "b",
  gridX: "c",
  gridY: "d",
  gridBy: "method",
  runbookUrl: "http://localhost/runbook",
  tooltip: { mode: "single", sort: "none" },
};

describe("migrateOptions", () => {
  it("keeps options that are complete", () => {
    expect(migrateOptions({ options: full })).toEqual(full);
  });

  it("fills in what a panel without a version lacks", () => {
    expect(migrateOptions({ options: { view: "map" } })).toEqual({
      ...DEFAULT_OPTIONS,
      view: "map",
    });
    expect(migrateOptions({})).toEqual(DEFAULT_OPTIONS);
    expect(migrateOptions({ options: null })).toEqual(DEFAULT_OPTIONS);
  });

  it("keeps what version 1 stored, and adds what it did not know", () => {
    const { fold: _, advice: __, gridX: ___, gridY: ____, ...first } = full;
    const { fold, advice, gridX, gridY } = DEFAULT_OPTIONS;
    expect(migrateOptions({ options: { ...first, version: 1 } })).toEqual({
      ...{ ...full, fold, advice, gridX, gridY },
    });
  });

  it("keeps advice that can be read", () => {
    const [whole] = full.advice;
    const { holdSeconds: _, ...late } = whole!;
    const advice = [whole, late, { ...whole, limits: "a" }, { ...whole, severity: "info" }, 3];
    expect(migrateOptions({ options: { advice } }).advice).toEqual([
      whole,
      { ...late, holdSeconds: 0 },
    ]);
  });

  it("drops what has the wrong type and what no option is called", () => {
    const options = {
      version: "1",
      view: "pie",
      order: 3,
      nearRatio: 7,
      showForecast: "yes",
      limits: {},
      fold: 1,
      advice: "",
      gridX: {},
      mapX: null,
      mapY: 4,
      runbookUrl: [],
      tooltip: "single",
      mode: "lanes",
    };
    expect(migrateOptions({ options })).toEqual(DEFAULT_OPTIONS);
    expect(migrateOptions({ options: { ...options, version: 1 } })).toEqual(DEFAULT_OPTIONS);
  });

  it("keeps rules that can be read, with the edges that are numbers", () => {
    const limits = [
      { series: "a", severity: "warning", upper: 3 },
      { series: "a", severity: "warning", upper: "3", lower: 1, note: "" },
      { series: "a", severity: "warning", upper: null },
      { series: "a", severity: "page", upper: 3 },
      { severity: "warning", upper: 3 },
      "a",
      null,
    ];
    expect(migrateOptions({ options: { limits } }).limits).toEqual([
      { series: "a", severity: "warning", upper: 3 },
      { series: "a", severity: "warning", lower: 1 },
      { series: "a", severity: "warning" },
    ]);
  });

  it("leaves options of a newer version as they are", () => {
    const options = { version: 3, view: "pie", extra: true };
    expect(migrateOptions({ options })).toBe(options);
  });

  it("always gives options that stay the same when migrated again", () => {
    const options = fc.record(
      Object.fromEntries(
        Object.entries(full).map(([key, v]) => [key, fc.oneof(fc.constant(v), fc.anything())]),
      ),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(options, (stored) => {
        const once = migrateOptions({ options: stored });
        expect(migrateOptions({ options: once })).toEqual(once);
      }),
    );
  });
});

describe("changePanelType", () => {
  const thresholds = {
    mode: ThresholdsMode.Absolute,
    steps: [
      { value: -Infinity, color: "green" },
      { value: 3, color: "red" },
    ],
  };
  const before: FieldConfigSource = { defaults: { unit: "s", thresholds }, overrides: [] };

  it("keeps thresholds and takes over no option", () => {
    const panel = { fieldConfig: { defaults: { unit: "s" }, overrides: [] } as FieldConfigSource };
    expect(changePanelType(panel, "timeseries", { legend: {} }, before)).toEqual({});
    expect(panel.fieldConfig).toEqual({ defaults: { unit: "s", thresholds }, overrides: [] });
  });

  it("does not touch what Grafana has kept itself", () => {
    const own = { ...thresholds, steps: thresholds.steps.slice(0, 1) };
    const fieldConfig = { defaults: { thresholds: own }, overrides: [] };
    const panel = { fieldConfig };
    changePanelType(panel, "gauge", {}, before);
    expect(panel.fieldConfig).toBe(fieldConfig);
  });

  it("adds nothing when there were no thresholds", () => {
    const panel = { fieldConfig: { defaults: {}, overrides: [] } };
    expect(changePanelType(panel, "stat", {}, { defaults: {}, overrides: [] })).toEqual({});
    expect(panel.fieldConfig).toEqual({ defaults: {}, overrides: [] });
  });
});
