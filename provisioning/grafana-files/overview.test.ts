import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { GENERAL_RUNBOOK } from "@headroom/alerts/general-runbook";
import type { Limit } from "@headroom/alerts/limits";
import { LIMITS, MEMORY_SCOPES } from "@headroom/alerts/limits";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import { isAlert } from "@headroom/alerts/rules/group";
import { alertsOf, ruleGroups } from "@headroom/alerts/rules/index";
import { REFERENCE_SETTINGS } from "../generated-files.ts";
import type { Panel } from "../testing/dashboard.ts";
import { generatedOverview } from "../testing/dashboard.ts";
import { readPromql } from "../testing/promql.ts";
import { laneQuery, LIMITS_PANEL } from "./limits-panel.ts";

const root = join(import.meta.dirname, "..", "..");
const { panels } = generatedOverview();
const byType = (type: string): readonly Panel[] => panels.filter((panel) => panel.type === type);
const [lanes, map] = byType(LIMITS_PANEL);
const ids = [...new Set(LIMITS.map(({ id }) => id))];

describe("the overview", () => {
  it("links to the list of alerts, and to the runbooks of all that are about a limit", async () => {
    const files = await readdir(join(root, "alerts", "runbooks"));
    const known = files
      .map((name) => name.replace(".md", ""))
      .filter((name) => name !== GENERAL_RUNBOOK)
      .map((name) => `${REFERENCE_SETTINGS.runbooks}/${name}`);
    const [first = "", ...linked] = panels.flatMap(({ links = [] }) => links.map(({ url }) => url));
    expect(first).toMatch(/^\/d\/headroom-operations\?.*viewPanel=/);
    for (const url of linked) expect(known).toContain(url);
    const ofLanes = lanes?.fieldConfig.overrides.flatMap(({ properties }) =>
      properties.flatMap(({ id, value }) => (id === "links" ? (value as { url: string }[]) : [])),
    );
    const limits = alertsOf(ruleGroups()).filter(({ labels }) => labels.limit !== undefined);
    expect(new Set(ofLanes?.map(({ url }) => url))).toEqual(
      new Set(limits.map(({ annotations }) => annotations.runbook_url)),
    );
  });

  it("draws with the panel of this repository", async () => {
    const text = await readFile(join(root, "grafana-plugin", "src", "plugin.json"), "utf8");
    expect((JSON.parse(text) as { id: string }).id).toBe(LIMITS_PANEL);
    expect([lanes?.options["view"], map?.options["view"]]).toEqual(["lanes", "map"]);
  });
});

describe("the lanes", () => {
  it("are one query for each limit, beside the one for the limits themselves", () => {
    expect(lanes?.targets.map(({ refId }) => refId)).toEqual([...ids, "limits", "alerts"]);
    for (const one of lanes?.targets.slice(-2) ?? []) expect(one).toMatchObject({ instant: true });
  });

  it.each(ids)(
    "say of %s what each of its alerts says, and the runbook's first step",
    async (id) => {
      const alerts = alertsOf(ruleGroups()).filter(({ labels }) => labels.limit === id);
      const advice = (lanes?.options["advice"] ?? []) as readonly {
        readonly [key: string]: string;
      }[];
      for (const { alert, labels, annotations } of alerts) {
        const said = advice.find(
          (one) => one["alert"] === alert && one["severity"] === labels.severity,
        );
        expect(said).toMatchObject({ action: annotations.action });
        expect(said).toMatchObject({ runbookUrl: annotations.runbook_url });
        expect(said?.["limits"]).toContain(id);
        const runbook = await readFile(join(root, "alerts", "runbooks", `${alert}.md`), "utf8");
        const [, first = ""] = runbook.split("## Mitigation\n\n1. ");
        const plain = first.replaceAll(/[`*[\]]|\(Headroom\w+\)/g, "").replaceAll(/\s+/g, " ");
        expect(plain.startsWith(annotations.action)).toBe(true);
      }
    },
  );

  it.each(ids)("show for %s the very series that alerts", (id) => {
    const shown = readPromql(laneQuery(limitNamed(id)).expr).selectors;
    const ofLane = shown.map(({ metric, matchers }) => ({
      metric,
      matchers: matchers.filter(({ label }) => label !== "instance"),
    }));
    const alerts = alertsOf(ruleGroups()).filter(({ labels }) => labels.limit === id);
    expect(alerts.length).toBeGreaterThan(0);
    for (const { expr } of alerts) {
      const [shown] = readPromql(expr).selectors;
      if (id !== "memory") expect(shown).toEqual(ofLane[0]);
      else {
        // Recorded as a share of its limit, of what the lane shows in bytes.
        const [used] = readPromql(recordedAs(shown?.metric)).selectors;
        expect(used?.metric).toBe(ofLane[0]?.metric);
      }
    }
  });

  it("show the memory of every scope that has a capacity, and no part of it", () => {
    const [{ matchers = [] } = {}] = readPromql(laneQuery(limitNamed("memory")).expr).selectors;
    const [scope] = matchers.filter(({ label }) => label === "scope");
    expect(scope?.value.split("|")).toEqual([...MEMORY_SCOPES]);
    expect(laneQuery(limitNamed("memory")).legend).toBe("Memory used, {{scope}}$exporter");
  });

  it.each(ids)("say of %s what it is that has ended, when it has", (id) => {
    const [override] =
      lanes?.fieldConfig.overrides.filter(({ matcher }) => matcher.options === id) ?? [];
    expect(override?.properties.find((property) => property.id === "noValue")?.value).toBe(
      id === "memory" ? "no data" : "no traffic",
    );
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
      // As it told them last: what it told before it ended is still held against them.
      const asked = panel?.targets.filter(({ expr }) => expr.includes("headroom_limit{"));
      expect(asked?.map(({ expr }) => expr)).toEqual([
        expect.stringMatching(/^last_over_time\(headroom_limit{[^}]*}\[1h\]\)$/),
      ]);
    }
  });

  it("know a series for every limit, and refuse one that is new", () => {
    expect(() => laneQuery({ id: "unheard_of", title: "New" })).toThrow(/unheard_of/);
  });
});

describe("the quality map", () => {
  it("wants as many messages as the alerts, from scrape to scrape", () => {
    for (const { expr } of map?.targets.slice(0, 2) ?? []) {
      // Grafana's $__rate_interval reads as 1m in tests.
      expect(expr).toMatch(/ and on \(job, instance, method\) \(sum by .*increase\(\w+_count{/);
      expect(readPromql(expr).comparisons.map(({ number }) => number)).toEqual([EVIDENCE.messages]);
    }
  });

  it("asks for both qualities and leads to the runbook of entropy", () => {
    expect(map?.targets.map(({ refId }) => refId)).toEqual([
      "attribution_entropy",
      "attribution_sparsity",
      "limits",
      "messages",
    ]);
    expect(map?.options["runbookUrl"]).toBe(
      `${REFERENCE_SETTINGS.runbooks}/HeadroomAttributionEntropyOutOfRange`,
    );
  });
});

function recordedAs(name: string | undefined): string {
  const rules = ruleGroups().flatMap((group) => group.rules);
  const found = rules.find((rule) => !isAlert(rule) && rule.record === name);
  if (!found) throw new Error(`nothing is recorded as ${name}`);
  return found.expr;
}

function limitNamed(id: string): Limit {
  const found = LIMITS.find((limit) => limit.id === id);
  if (!found) throw new Error(`no limit is called ${id}`);
  return found;
}
