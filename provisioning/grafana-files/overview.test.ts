import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { Limit } from "../../alerts/limits.ts";
import { LIMITS, limitsFor } from "../../alerts/limits.ts";
import { alertsOf, ruleGroups } from "../../alerts/rules/index.ts";
import { REFERENCE_SETTINGS } from "../generated-files.ts";
import type { Panel, Step } from "../testing/dashboard.ts";
import { generatedOverview } from "../testing/dashboard.ts";
import { readPromql } from "../testing/promql.ts";
import { COLOURS } from "./colours.ts";
import { DATA_SOURCE } from "./data-source.ts";
import { laneQuery } from "./lane-queries.ts";
import { LIMITS_PANEL } from "./limits-panel.ts";

const root = join(import.meta.dirname, "..", "..");
const { panels, templating } = generatedOverview();
const named = panels.map((panel) => [panel.title, panel] as const);
const byType = (type: string): readonly Panel[] => panels.filter((panel) => panel.type === type);
const [lanes, map] = byType(LIMITS_PANEL);
const ids = [...new Set(LIMITS.map(({ id }) => id))];

describe("the overview", () => {
  it("numbers its panels, each once", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
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
    expect(panel.description).toMatch(/[a-z]\.$/);
    expect(panel.datasource).toEqual(DATA_SOURCE);
    expect(panel.targets.length).toBeGreaterThan(0);
    for (const { datasource } of panel.targets) expect(datasource).toEqual(DATA_SOURCE);
    const refIds = panel.targets.map(({ refId }) => refId);
    expect(new Set(refIds).size).toBe(refIds.length);
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
    expect(templating.list.map(({ name }) => name)).toEqual(["instance"]);
  });

  it("links to runbooks that exist, and to all of them", async () => {
    const files = await readdir(join(root, "alerts", "runbooks"));
    const known = files.map((name) => `${REFERENCE_SETTINGS.runbooks}/${name.replace(".md", "")}`);
    const linked = new Set(panels.flatMap(({ links }) => links ?? []).map(({ url }) => url));
    expect([...linked].sort()).toEqual(known.sort());
  });

  it("uses no colours but those with a meaning", () => {
    const allowed: readonly string[] = Object.values(COLOURS);
    for (const { fieldConfig } of panels) {
      for (const { color } of fieldConfig.defaults.thresholds.steps) {
        expect(allowed).toContain(color);
      }
    }
  });

  it("draws with the panel of this repository", async () => {
    const text = await readFile(join(root, "grafana-plugin", "src", "plugin.json"), "utf8");
    expect((JSON.parse(text) as { id: string }).id).toBe(LIMITS_PANEL);
    expect([lanes?.options["view"], map?.options["view"]]).toEqual(["lanes", "map"]);
  });
});

describe("the lanes", () => {
  it("are one query for each limit, beside the one for the limits themselves", () => {
    expect(lanes?.targets.map(({ refId }) => refId)).toEqual([...ids, "limits"]);
    expect(lanes?.targets.at(-1)).toMatchObject({ instant: true });
  });

  it.each(ids)("show for %s the very series that alerts", (id) => {
    const shown = readPromql(laneQuery(limitNamed(id)).expr).selectors;
    const ofLane = shown.map(({ metric, matchers }) => ({
      metric,
      matchers: matchers.filter(({ label }) => label !== "instance"),
    }));
    const alerts = alertsOf(ruleGroups()).filter(({ labels }) => labels.limit === id);
    expect(alerts.length).toBeGreaterThan(0);
    for (const { expr } of alerts) expect(readPromql(expr).selectors[0]).toEqual(ofLane[0]);
  });

  it.each(ids)("have for %s its title, a unit and the runbooks of its alerts", (id) => {
    const alerts = alertsOf(ruleGroups()).filter(({ labels }) => labels.limit === id);
    const urls = [...new Set(alerts.map(({ annotations }) => annotations.runbook_url))];
    expect(lanes?.targets.find(({ refId }) => refId === id)?.legendFormat).toContain(
      limitNamed(id).title.replace(/^.*: /, ""),
    );
    const [override, ...more] =
      lanes?.fieldConfig.overrides.filter(({ matcher }) => matcher.options === id) ?? [];
    expect(more).toEqual([]);
    expect(override?.matcher.id).toBe("byFrameRefID");
    const valueOf = (property: string) =>
      override?.properties.find(({ id }) => id === property)?.value;
    expect(valueOf("unit")).toMatch(/^(decbytes|s|percentunit|none|suffix:nats)$/);
    expect((valueOf("links") as { url: string }[]).map(({ url }) => url)).toEqual(urls);
  });

  it("leave the limits to headroom_limit: one step is no threshold", () => {
    for (const panel of [lanes, map]) {
      expect(panel?.fieldConfig.defaults.thresholds.steps).toHaveLength(1);
      expect(panel?.targets.some(({ expr }) => expr.startsWith("headroom_limit{"))).toBe(true);
    }
  });

  it("know a series for every limit, and refuse one that is new", () => {
    expect(() => laneQuery({ id: "unheard_of", title: "New" })).toThrow(/unheard_of/);
  });
});

describe("the quality map", () => {
  it("asks for both qualities and leads to the runbook of entropy", () => {
    expect(map?.targets.map(({ refId }) => refId)).toEqual([
      "attribution_entropy",
      "attribution_sparsity",
      "limits",
    ]);
    expect(map?.options["runbookUrl"]).toBe(
      `${REFERENCE_SETTINGS.runbooks}/HeadroomAttributionEntropyOutOfRange`,
    );
  });
});

describe("the thresholds of figures and graphs", () => {
  it.each([
    ["Latency, P95", "latency_p95"],
    ["Memory of the process", "memory"],
    ["Memory by scope", "memory"],
    ["Errors", "error_ratio"],
  ])("of %s are the limits of %s", (title, id) => {
    const shown = panels.filter((panel) => panel.title === title);
    expect(shown.length).toBeGreaterThan(0);
    for (const panel of shown) expect(edges(panel)).toEqual(upperLimits(LIMITS, id));
  });

  it("follow the memory of the machine, and nothing else does", () => {
    const other = generatedOverview({ memoryBytes: 16e9 }).panels;
    for (const [i, panel] of panels.entries()) {
      const changed = JSON.stringify(panel) !== JSON.stringify(other[i]);
      expect([panel.title, changed]).toEqual([panel.title, panel.title.startsWith("Memory")]);
    }
    const memory = other.filter(({ title }) => title.startsWith("Memory"));
    for (const panel of memory) {
      expect(edges(panel)).toEqual(upperLimits(limitsFor(16e9), "memory"));
    }
    expect(memory).toHaveLength(2);
  });
});

function limitNamed(id: string): Limit {
  const found = LIMITS.find((limit) => limit.id === id);
  if (!found) throw new Error(`no limit is called ${id}`);
  return found;
}

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
