import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import type { Bound, Limit, OperationLimit } from "@headroom/alerts/limits";
import {
  FORECAST_RISE_RATIO,
  LIMITS,
  limitsFor,
  MEMORY_FRACTION,
  OPERATION_LIMITS,
} from "@headroom/alerts/limits";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import type { AlertingRule, RecordingRule, RuleGroup } from "@headroom/alerts/rules/group";
import { isAlert } from "@headroom/alerts/rules/group";
import { alertsOf } from "@headroom/alerts/rules/index";
import { PACE } from "@headroom/alerts/rules/pace";
import { inWords } from "@headroom/alerts/rules/wording";
import { differences } from "./differences.ts";
import { COMPOSE_EXPORTERS, generatedFiles, REFERENCE_SETTINGS } from "./generated-files.ts";
import { generatedDashboards } from "./testing/dashboard.ts";
import { readPromql } from "./testing/promql.ts";
import { promtool } from "./testing/companion.ts";

const folder = import.meta.dirname;
const configs = ["prometheus.yml", ...Object.keys(COMPOSE_EXPORTERS).map((name) => `${name}.yml`)];
const rules = join(folder, "prometheus", "rules", "headroom.yml");
const dashboardAddresses = generatedDashboards().map(
  ({ uid }) => `${REFERENCE_SETTINGS.dashboards}/d/${uid}`,
);

describe("the committed files", () => {
  it("are what npm run generate writes", async () => {
    expect(await differences(folder, generatedFiles(REFERENCE_SETTINGS))).toEqual([]);
  });

  it("satisfy promtool: the rules, without a lint finding", async () => {
    const { ok, output } = await promtool("check", "rules", "--lint=all", "--lint-fatal", rules);
    expect(ok ? "" : output).toBe("");
  });

  it.each(configs)("satisfy promtool: %s, which finds the rules", async (name) => {
    const { ok, output } = await promtool("check", "config", join(folder, "prometheus", name));
    expect(ok ? "" : output).toBe("");
    expect(output).toContain("1 rule files found");
  });

  it.each(configs)("scrape at least four times in the window of the rules: %s", async (name) => {
    const { global } = parse(await readFile(join(folder, "prometheus", name), "utf8"));
    expect(global.scrape_interval).toMatch(/^\d+s$/);
    expect(4 * Number.parseInt(global.scrape_interval, 10)).toBeLessThanOrEqual(PACE.windowSeconds);
  });
});

describe.each([
  ["the committed rules", LIMITS, () => readFile(rules, "utf8")],
  ["the rules of a machine with 16 GB", limitsFor(16e9), () => rulesFor(16e9)],
])("in %s", (_which, limits, read) => {
  it("alerts compare with the limits, and with nothing else", async () => {
    for (const alert of await alertsIn(read())) {
      const { comparisons } = readPromql(alert.expr);
      expect([alert.alert, comparisons.map((c) => `${c.operator} ${c.number}`)]).toEqual([
        alert.alert,
        comparedWith(limits, alert),
      ]);
      // Whether there is enough evidence was judged when the series was recorded.
      for (const { ofSeries } of comparisons) expect(ofSeries).toBe(true);
    }
  });

  it("recorded series compare with the least evidence, and with nothing else", async () => {
    const evidence = Object.values(EVIDENCE).map((least) => `>= ${least}`);
    const compared = (await recordedIn(read())).flatMap(({ expr }) => readPromql(expr).comparisons);
    expect(compared.length).toBeGreaterThan(5);
    for (const { operator, number, ofSeries } of compared) {
      expect(evidence).toContain(`${operator} ${number}`);
      expect(ofSeries).toBe(false);
    }
  });

  it("memory is held against the smaller of bytes and a share of each scope's capacity", async () => {
    const recorded = await recordedIn(read());
    for (const severity of ["warning", "critical"] as const) {
      const found = limitOf(limits, { limit: "memory", severity });
      if (found.bound !== "upper") throw new Error("memory has an upper limit");
      const capacity = `${MEMORY_FRACTION[severity]} * headroom_memory_capacity_bytes`;
      const [against, more] = recorded.filter(({ expr }) =>
        expr.includes(`clamp_max(${capacity}, ${found.upper})`),
      );
      expect(against?.record).toContain(`_${severity}_limit:`);
      expect(more).toBeUndefined();
    }
  });

  it("descriptions say the limit", async () => {
    for (const { alert, annotations, labels } of await alertsIn(read())) {
      const own = OWN_BOUNDS.get(alert);
      if (!labels.limit && !own) continue;
      const found = own ?? limitOf(limits, labels);
      if (labels.limit === "memory" && labels.severity !== "info") {
        const share = inWords({
          bound: "upper",
          upper: MEMORY_FRACTION[labels.severity],
          unit: "ratio",
        });
        expect(annotations.description).toContain(
          `the smaller of ${inWords(found)} and ${share} of`,
        );
      }
      // The Gini index is a share that nobody says in per cent.
      const gini = labels.limit === "attribution_sparsity" && found.bound === "lower";
      const words = gini ? `above ${found.lower}` : inWords(found);
      expect(annotations.description).toContain(words);
    }
  });

  it("every limit has an alert", async () => {
    const alerts = await alertsIn(read());
    const covered = alerts.map(({ labels }) => `${labels.limit} ${labels.severity}`);
    for (const { id, severity } of limits) expect(covered).toContain(`${id} ${severity}`);
  });

  it("every alert is told apart by name, limit and severity, and has the texts that a person needs", async () => {
    const alerts = await alertsIn(read());
    const names = alerts.map(({ alert, labels }) => `${alert} ${labels.limit} ${labels.severity}`);
    expect(new Set(names).size).toBe(alerts.length);
    for (const { alert, annotations } of alerts) {
      expect(annotations.summary).toContain("$labels.instance");
      expect(annotations.description).not.toBe("");
      expect(annotations.runbook_url).toBe(`${REFERENCE_SETTINGS.runbooks}/${alert}`);
      const [dashboard] = annotations.dashboard_url.split("{{");
      expect(dashboardAddresses).toContain(dashboard);
    }
  });
});

it("the committed rules carry the bytes of the reference machine, and its shares", async () => {
  const text = await readFile(rules, "utf8");
  for (const limit of [
    "clamp_max(0.7 * headroom_memory_capacity_bytes, 33600000000)",
    "clamp_max(0.85 * headroom_memory_capacity_bytes, 40800000000)",
  ]) {
    expect(text.split(limit)).toHaveLength(2);
  }
});

function rulesFor(memoryBytes: number): Promise<string> {
  const files = generatedFiles({ ...REFERENCE_SETTINGS, memoryBytes });
  return Promise.resolve(files.get("prometheus/rules/headroom.yml") ?? "");
}

async function recordedIn(file: Promise<string>): Promise<RecordingRule[]> {
  const { groups } = parse(await file) as { groups: RuleGroup[] };
  return groups.flatMap(({ rules }) => rules.flatMap((rule) => (isAlert(rule) ? [] : [rule])));
}

async function alertsIn(file: Promise<string>) {
  const { groups } = parse(await file) as { groups: RuleGroup[] };
  const alerts = alertsOf(groups);
  expect(alerts.length).toBeGreaterThan(0);
  return alerts;
}

/** The alerts that compare with a bound on the exporter's operation. */
const OWN_BOUNDS: ReadonlyMap<string, OperationLimit> = new Map<string, OperationLimit>([
  ["HeadroomCacheDegraded", OPERATION_LIMITS.cacheErrors],
  ["HeadroomSaturated", OPERATION_LIMITS.refusals],
  ["HeadroomModelUnavailable", OPERATION_LIMITS.modelReady],
  ["HeadroomModelRestarting", OPERATION_LIMITS.modelRestarts],
  ["HeadroomRestarting", OPERATION_LIMITS.restarts],
]);

/** The comparisons of an alert with numbers, in their order. */
function comparedWith(limits: readonly Limit[], { alert, labels }: AlertingRule): string[] {
  const own = OWN_BOUNDS.get(alert);
  if (own) return edges(own);
  if (alert === "HeadroomNoTraffic") return ["== 0", "== 0", "> 0"];
  if (labels.limit === undefined) return ["== 0"];
  // Now below the limit, with both trends at it, and a rise that matters; 1 is the limit.
  if (alert === "HeadroomLimitForecast") {
    return ["< 1", ">= 1", ">= 1", `>= ${FORECAST_RISE_RATIO}`];
  }
  return labels.limit === "memory" ? [">= 1"] : edges(limitOf(limits, labels));
}

function limitOf(limits: readonly Limit[], labels: { limit?: string; severity: string }): Limit {
  const found = limits.find((l) => l.id === labels.limit && l.severity === labels.severity);
  if (!found) throw new Error(`an alert names the limit ${labels.limit}, which does not exist`);
  return found;
}

function edges(limit: Bound): string[] {
  return [
    ...(limit.bound === "upper" ? [] : [`<= ${limit.lower}`]),
    ...(limit.bound === "lower" ? [] : [`>= ${limit.upper}`]),
  ];
}
