import { describe, expect, it } from "@jest/globals";
import type { Limit } from "@headroom/alerts/limits";
import { LIMITS, limitsFor, OPERATION_LIMITS } from "@headroom/alerts/limits";
import type { AlertingRule } from "@headroom/alerts/rules/group";
import { alertsOf, ruleGroups } from "@headroom/alerts/rules/index";
import { generatedDashboards } from "../testing/dashboard.ts";
import type { GrafanaRule } from "../testing/grafana-alerting.ts";
import { evaluatorOf, grafanaGroups, stepOf } from "../testing/grafana-alerting.ts";
import { grafanaTexts, linkedPanel } from "./alert-rules.ts";
import { DATA_SOURCE } from "./query.ts";

const groups = grafanaGroups();
const rules = groups.flatMap((group) => group.rules);
const alerts = alertsOf(ruleGroups());

/** The fields that Grafana reads; others it would ignore without a word. */
const GROUP_FIELDS = ["orgId", "name", "folder", "interval", "rules"];
const RULE_FIELDS = [
  ...["uid", "title", "condition", "data", "dashboardUid", "panelId", "noDataState"],
  ...["execErrState", "for", "keepFiringFor", "annotations", "labels", "isPaused"],
];

/** The rule that was made of an alert. */
function ruleOf({ alert, labels }: AlertingRule): GrafanaRule | undefined {
  const [rule, more] = rules.filter(
    (r) =>
      r.title === alert &&
      r.labels["limit"] === labels.limit &&
      r.labels["severity"] === labels.severity,
  );
  expect(more).toBeUndefined();
  return rule;
}

describe("Grafana's rules", () => {
  it("are one for each alert, with the same times and labels", () => {
    expect(rules).toHaveLength(alerts.length);
    for (const alert of alerts) {
      expect(ruleOf(alert)).toMatchObject({ for: alert.for, labels: alert.labels });
      expect(ruleOf(alert)?.keepFiringFor).toBe(alert.keep_firing_for);
    }
    expect(alerts.some(({ keep_firing_for }) => keep_firing_for)).toBe(true);
  });

  it("have the fields that Grafana reads, and no other", () => {
    for (const group of groups) {
      expect(Object.keys(group)).toEqual(GROUP_FIELDS);
      // Grafana's scheduler counts in steps of ten seconds.
      expect(group.interval).toMatch(/^\d*0s$/);
      for (const rule of group.rules) {
        for (const field of Object.keys(rule)) expect(RULE_FIELDS).toContain(field);
      }
    }
  });

  it("have uids of their own, as Grafana allows them", () => {
    for (const { uid } of rules) expect(uid).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
    expect(new Set(rules.map(({ uid }) => uid)).size).toBe(rules.length);
  });

  it("ask Prometheus for the newest values, take their number, and compare it", () => {
    for (const rule of rules) {
      expect(rule.data.map(({ refId }) => refId)).toEqual(["A", "B", "C"]);
      for (const { refId, model } of rule.data) expect(model.refId).toBe(refId);
      const [asked, value, condition] = ["A", "B", "C"].map((refId) => stepOf(rule, refId));
      expect(asked).toMatchObject({ datasourceUid: DATA_SOURCE.uid, model: { instant: true } });
      expect(asked?.relativeTimeRange.from).toBeGreaterThan(asked?.relativeTimeRange.to ?? NaN);
      expect(value).toMatchObject({
        datasourceUid: "__expr__",
        model: { type: "reduce", expression: "A", reducer: "last" },
      });
      expect(condition).toMatchObject({
        datasourceUid: "__expr__",
        model: { type: "threshold", expression: "B" },
      });
      expect(rule.condition).toBe("C");
    }
  });

  it.each([
    ["the reference machine", LIMITS, rules],
    [
      "a machine with 16 GB",
      limitsFor(16e9),
      grafanaGroups({ memoryBytes: 16e9 }).flatMap((group) => group.rules),
    ],
  ])("compare with the limits of %s", (_machine, limits, made) => {
    for (const rule of made) {
      const { type, params } = evaluatorOf(rule);
      const limit = limits.find(
        ({ id, severity }) => id === rule.labels["limit"] && severity === rule.labels["severity"],
      );
      expect([rule.title, type, params]).toEqual([rule.title, ...expected(rule.title, limit)]);
    }
  });

  it("are quiet without data, but for those that tell of it, and never hide an error", () => {
    for (const { title, noDataState, execErrState, isPaused } of rules) {
      const states = { noDataState, execErrState, isPaused };
      const noData = /Headroom(Exporter|Incidents)Down/.test(title) ? "Alerting" : "OK";
      expect([title, states]).toEqual([
        title,
        { noDataState: noData, execErrState: "Error", isPaused: false },
      ]);
    }
  });

  it("link a panel that exists and that links their runbook", () => {
    const dashboards = generatedDashboards();
    for (const { dashboardUid, panelId, annotations } of rules) {
      const dashboard = dashboards.find(({ uid }) => uid === dashboardUid);
      const panel = dashboard?.panels.find(({ id }) => id === panelId);
      expect(JSON.stringify(panel)).toContain(`"${annotations["runbook_url"]}"`);
      expect(annotations).toMatchObject({
        __dashboardUid__: dashboardUid,
        __panelId__: String(panelId),
        dashboard_url: expect.stringMatching(new RegExp(`/d/${dashboardUid}(\\{\\{|$)`)),
      });
    }
  });

  it("say what the alerts say, with the number from its step", () => {
    for (const alert of alerts) {
      const { summary = "", description = "" } = ruleOf(alert)?.annotations ?? {};
      for (const [name, text] of Object.entries({ summary, description })) {
        // Grafana's $value is a text about all steps.
        expect(text).not.toMatch(/\$value\b/);
        const original = alert.annotations[name as "summary"];
        expect(text.replaceAll("$values.B.Value", "$value")).toBe(original);
      }
    }
  });

  it("have no variable of the environment in their texts", () => {
    // Grafana replaces $labels and $values in texts only when the alert fires, and ${...} at its start.
    for (const { annotations, labels, title } of rules) {
      expect(`${title} ${Object.values(labels).join(" ")}`).not.toContain("$");
      for (const text of Object.values(annotations)) {
        expect(text.match(/\$(?!labels\.|values\.)/)).toBeNull();
      }
    }
  });
});

/** The comparison of a rule, with the names of Grafana. */
function expected(title: string, limit: Limit | undefined): [string, number[]] {
  // The query holds the share of the limit that is used, and of the trend the share of now.
  if (limit?.id === "memory") return [title === "HeadroomLimitForecast" ? "lt" : "gte", [1]];
  if (limit?.bound === "band") return ["outside_range_included", [limit.lower, limit.upper]];
  if (limit?.bound === "lower") return ["lte", [limit.lower]];
  if (limit) return ["gte", [limit.upper]];
  const own: Readonly<Record<string, [string, number[]]>> = {
    HeadroomCacheDegraded: ["gte", [OPERATION_LIMITS.cacheErrors.upper]],
    HeadroomSaturated: ["gte", [OPERATION_LIMITS.refusals.upper]],
    HeadroomModelUnavailable: ["lte", [OPERATION_LIMITS.modelReady.lower]],
    HeadroomModelRestarting: ["gte", [OPERATION_LIMITS.modelRestarts.upper]],
    HeadroomRestarting: ["gte", [OPERATION_LIMITS.restarts.upper]],
  };
  return own[title] ?? ["lte", [0]];
}

describe("grafanaTexts", () => {
  it("leaves $values and other words alone", () => {
    const links = { runbook_url: "r", action: "a", dashboard_url: "d" };
    const texts = { summary: "{{ $value }} $values", description: "{{ $valueless }}", ...links };
    expect(grafanaTexts(texts)).toEqual({
      ...{ summary: "{{ $values.B.Value }} $values", description: "{{ $valueless }}" },
      ...links,
    });
  });
});

describe("linkedPanel", () => {
  const annotations = { summary: "", description: "", action: "", runbook_url: "http://r/A" };

  it("refuses an alert whose dashboard does not exist, or does not know it", () => {
    const dashboard = { uid: "headroom-other", panels: [] };
    const named = { ...annotations, dashboard_url: "http://g/d/headroom-other{{ x }}" };
    expect(() => linkedPanel(named, [], [])).toThrow(/does not exist/);
    expect(() => linkedPanel(named, [dashboard as never], [])).toThrow(/links the runbook/);
  });
});
