import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { Limit } from "../../alerts/limits.ts";
import { LIMITS, limitsFor } from "../../alerts/limits.ts";
import { REFERENCE_SETTINGS } from "../generated-files.ts";
import type { Panel, Step } from "../testing/dashboard.ts";
import { generatedDashboards } from "../testing/dashboard.ts";
import { readPromql } from "../testing/promql.ts";
import { COLOURS } from "./colours.ts";
import { DATA_SOURCE } from "./data-source.ts";

const dashboards = generatedDashboards();
const RUNBOOKS = join(import.meta.dirname, "..", "..", "alerts", "runbooks");

/** What every dashboard marks on its time axis. */
const MARKS = ["Load runs", "Alerts firing", "Incidents"];

/** What the preview page draws; Grafana draws more. */
const KINDS = ["headroom-limits-panel", "stat", "timeseries"];

/** The units that the dashboards write values in. */
const UNITS = /^(decbytes|s|percentunit|reqps|ops|short|none|suffix:nats)$/;

describe("the dashboards", () => {
  it("are five, each with its own uid and title", () => {
    expect(dashboards.map(({ uid }) => uid)).toEqual([
      "headroom-overview",
      "headroom-sentiment",
      "headroom-status",
      "headroom-load",
      "headroom-operations",
    ]);
    expect(new Set(dashboards.map(({ title }) => title)).size).toBe(5);
  });

  it("lead to each other, and keep the time and the exporters", () => {
    for (const { tags, links } of dashboards) {
      expect(links).toEqual([
        expect.objectContaining({ type: "dashboards", tags, keepTime: true, includeVars: true }),
      ]);
      expect(tags).toEqual(["headroom"]);
    }
  });

  it("mark load runs, firing alerts and open incidents on the time axis", () => {
    for (const { annotations } of dashboards) {
      expect(annotations.list.map(({ name }) => name)).toEqual(MARKS);
      for (const { datasource } of annotations.list) expect(datasource).toEqual(DATA_SOURCE);
    }
  });

  it("choose exporters, and chat models where their metrics are shown", () => {
    const variables = dashboards.map(({ uid, templating }) => [
      uid.replace("headroom-", ""),
      templating.list.map(({ name }) => name),
    ]);
    expect(Object.fromEntries(variables)).toEqual({
      overview: ["instance"],
      sentiment: ["instance"],
      status: ["instance", "model"],
      load: ["instance"],
      operations: ["instance"],
    });
  });
});

describe.each(dashboards.map((dashboard) => [dashboard.uid, dashboard] as const))(
  "%s",
  (_uid, { panels, templating }) => {
    const named = panels.map((panel) => [panel.title, panel] as const);

    it("numbers its panels, each once, and gives each a title of its own", () => {
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const ofKind = panels.map(({ type, title }) => `${type} ${title}`);
      expect(new Set(ofKind).size).toBe(panels.length);
      expect(panels.length).toBeGreaterThan(10);
    });

    it("fills Grafana's 24 columns without overlaps or gaps", () => {
      const taken = new Set<string>();
      let cells = 0;
      for (const { gridPos } of panels) {
        expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            taken.add(`${x} ${y}`);
            cells += 1;
          }
        }
      }
      expect(taken.size).toBe(cells);
      expect(cells).toBe(24 * Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h)));
    });

    it.each(named)("%s says what it shows, and asks only our data source", (_title, panel) => {
      expect(panel.description).toMatch(/[a-z0-9]\.$/);
      expect(panel.datasource).toEqual(DATA_SOURCE);
      expect(panel.targets.length).toBeGreaterThan(0);
      for (const { datasource } of panel.targets) expect(datasource).toEqual(DATA_SOURCE);
      const refIds = panel.targets.map(({ refId }) => refId);
      expect(new Set(refIds).size).toBe(refIds.length);
    });

    it.each(named)("%s is of a kind that the preview draws, and has a unit", (_title, panel) => {
      expect(KINDS).toContain(panel.type);
      const { defaults, overrides } = panel.fieldConfig;
      const units = [
        defaults.unit ?? [],
        overrides.flatMap(({ properties }) =>
          properties.flatMap(({ id, value }) => (id === "unit" ? value : [])),
        ),
      ].flat();
      expect(units.length).toBeGreaterThan(0);
      for (const unit of units) expect(unit).toMatch(UNITS);
    });

    it("asks for the chosen exporters wherever a series has one", () => {
      for (const { expr } of panels.flatMap(({ targets }) => targets)) {
        for (const { metric, matchers } of readPromql(expr).selectors) {
          const instance = matchers.find(({ label }) => label === "instance")?.value;
          expect({ metric, instance }).toEqual({
            metric,
            instance: metric.startsWith("k6_") ? undefined : "$instance",
          });
        }
      }
    });

    it("uses every variable that it offers", () => {
      const asked = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join("\n");
      for (const { name } of templating.list) expect(asked).toContain(`$${name}"`);
    });

    it("links to runbooks that exist", async () => {
      const files = await readdir(RUNBOOKS);
      const known = files.map(
        (name) => `${REFERENCE_SETTINGS.runbooks}/${name.replace(".md", "")}`,
      );
      for (const { url } of panels.flatMap(({ links }) => links ?? [])) {
        expect(known).toContain(url);
      }
    });

    it("uses no colours but those with a meaning", () => {
      const allowed: readonly string[] = Object.values(COLOURS);
      for (const { fieldConfig } of panels) {
        for (const { color } of fieldConfig.defaults.thresholds.steps) {
          expect(allowed).toContain(color);
        }
      }
    });
  },
);

describe("the thresholds of figures and graphs", () => {
  const all = dashboards.flatMap(({ panels }) => panels);

  it.each([
    ["Latency, P95", "latency_p95"],
    ["Latency of k6, P95", "latency_p95"],
    ["Latency, P50, P95 and P99", "latency_p95"],
    ["Latency as k6 sees it, P95", "latency_p95"],
    ["Latency as the exporter sees it, P95", "latency_p95"],
    ["Memory of the process", "memory"],
    ["Memory by scope", "memory"],
    ["Errors", "error_ratio"],
    ["Errors and refusals", "error_ratio"],
    ["Failures of k6", "error_ratio"],
  ])("of %s are the limits of %s", (title, id) => {
    const shown = all.filter((panel) => panel.title === title);
    expect(shown.length).toBeGreaterThan(0);
    for (const panel of shown) expect(edges(panel)).toEqual(upperLimits(LIMITS, id));
  });

  it("of the attribution qualities mark both edges of the band, and the lower limit", () => {
    const valuesOf = (title: string) =>
      all.filter((panel) => panel.title === title).map((panel) => edges(panel).map((e) => e.value));
    const [entropy, sparsity] = ["attribution_entropy", "attribution_sparsity"].map((id) =>
      LIMITS.find((limit) => limit.id === id),
    );
    if (entropy?.bound !== "band" || sparsity?.bound !== "lower") throw new Error("other bounds");
    expect(valuesOf("Attribution entropy")).toEqual([[entropy.lower, entropy.upper]]);
    expect(valuesOf("Attribution sparsity")).toEqual([[sparsity.lower]]);
  });

  it("follow the memory of the machine, and nothing else does", () => {
    const other = generatedDashboards({ memoryBytes: 16e9 }).flatMap(({ panels }) => panels);
    for (const [i, panel] of all.entries()) {
      const changed = JSON.stringify(panel) !== JSON.stringify(other[i]);
      expect([panel.title, changed]).toEqual([panel.title, panel.title.startsWith("Memory")]);
    }
    const memory = other.filter(({ title }) => title.startsWith("Memory"));
    for (const panel of memory) {
      expect(edges(panel)).toEqual(upperLimits(limitsFor(16e9), "memory"));
    }
    expect(memory).toHaveLength(4);
  });
});

function edges({ fieldConfig }: Panel): Step[] {
  return fieldConfig.defaults.thresholds.steps.filter(({ value }) => value !== null);
}

function upperLimits(limits: readonly Limit[], id: string): Step[] {
  return limits.flatMap((limit) =>
    limit.id === id && limit.bound === "upper"
      ? [{ value: limit.upper, color: COLOURS[limit.severity] }]
      : [],
  );
}
