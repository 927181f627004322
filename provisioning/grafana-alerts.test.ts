import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { isAlert } from "@headroom/alerts/rules/group";
import { alertsOf, ruleGroups } from "@headroom/alerts/rules/index";
import { DEFAULT_RULE_OPTIONS } from "@headroom/alerts/rules/options";
import type { AlertCase, Moment } from "@headroom/alerts/tests/case";
import { alertCases } from "@headroom/alerts/tests/index";
import { STEP_SECONDS } from "@headroom/alerts/tests/timeline";
import { YAML_STYLE } from "./prometheus.ts";
import { prometheusRuleFile } from "./rule-file.ts";
import type { GrafanaRule } from "./testing/grafana-alerting.ts";
import { evaluatorOf, grafanaGroups, stepOf } from "./testing/grafana-alerting.ts";
import { promtool } from "./testing/companion.ts";
import { ruleOf } from "./testing/promtool-case.ts";

// Grafana does not run here. Its condition is so simple that PromQL can play its part: the query is
// asked as Grafana asks it, and its values are compared as the threshold says. In every story this
// must agree with the expression by which Prometheus judges, at every moment.
const groups = ruleGroups();
const alerts = alertsOf(groups);
const cases = alertCases(DEFAULT_RULE_OPTIONS);
const rules = grafanaGroups().flatMap((group) => group.rules);
const names = [...new Set(alerts.map(({ alert }) => alert))];

describe("on the stories of each alert", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "headroom-grafana-"));
    for (const name of names) await writeFile(join(folder, recordings(name)), recordedFor(name));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(names)("%s holds in Grafana when it does in Prometheus, and only then", async (name) => {
    const stories = cases.filter(({ alert }) => alert === name);
    expect(stories.length).toBeGreaterThan(0);
    for (const step of new Set(stories.map(stepOfStory))) {
      const file = join(folder, `${name}-${step}.yml`);
      const told = stories.filter((story) => stepOfStory(story) === step);
      await writeFile(file, agreement(name, told, `${step}s`));
      const { ok, output } = await promtool("test", "rules", file);
      expect(ok ? "" : output).toBe("");
    }
  });

  it("a threshold that is somewhere else would be noticed", async () => {
    const [story] = cases.filter(({ alert }) => alert === "HeadroomMemoryHigh");
    if (!story) throw new Error("there is no story of HeadroomMemoryHigh");
    const file = join(folder, "wrong.yml");
    const text = agreement(story.alert, [story], `${STEP_SECONDS}s`);
    const { params } = evaluatorOf(rules.find(({ title }) => title === story.alert)!);
    // The story stands one byte beside a limit of gigabytes.
    await writeFile(file, text.replaceAll(`) >= ${params[0]}`, `) >= ${params[0]! * (1 + 1e-10)}`));
    expect((await promtool("test", "rules", file)).ok).toBe(false);
  });
});

/** The rule file with what the rules of one alert ask for. */
const recordings = (name: string): string => `${name}.rules.yml`;

/** Only what is recorded, and read by this alert: stories take hours, and each rule takes its time. */
function recordedFor(name: string): string {
  const asked = rulesOf(name).map(
    (rule) => `${stepOf(rule, "A").model.expr} ${alertOf(rule).expr}`,
  );
  const recordings = groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => (isAlert(rule) ? [] : [rule])),
  );
  const read = new Set<string>();
  // What is recorded may be made of what is recorded, as the forecast is of the share of the limit.
  const follow = (expr: string): void => {
    for (const rule of recordings) {
      if (read.has(rule.record) || !expr.includes(rule.record)) continue;
      read.add(rule.record);
      follow(rule.expr);
    }
  };
  asked.forEach(follow);
  return prometheusRuleFile(
    groups.map((group) => ({
      name: group.name,
      rules: group.rules.filter((rule) => !isAlert(rule) && read.has(rule.record)),
    })),
  );
}

const stepOfStory = ({ stepSeconds }: AlertCase): number => stepSeconds ?? STEP_SECONDS;

/** Promtool tests that fail where Grafana's condition and Prometheus' differ. */
function agreement(name: string, stories: readonly AlertCase[], interval: string): string {
  const tests = stories.map((story) => ({
    name: `${story.alert} ${story.title}`,
    interval,
    input_series: story.series,
    promql_expr_test: rulesOf(name).flatMap((rule) => {
      const { expr } = alertOf(rule);
      const condition = inPromql(rule);
      return story.moments.flatMap((moment, i) => {
        const eval_time = `${moment.atSeconds}s`;
        const holds = firesAnew(story, i, rule)
          ? [{ expr: `count(${condition}) > bool 0`, eval_time, exp_samples: ONE }]
          : [];
        return [
          { expr: `(${condition}) unless (${expr})`, eval_time, exp_samples: [] },
          { expr: `(${expr}) unless (${condition})`, eval_time, exp_samples: [] },
          ...holds,
        ];
      });
    }),
  }));
  const file = { rule_files: [recordings(name)], evaluation_interval: interval, tests };
  return stringify(file, YAML_STYLE);
}

const ONE = [{ labels: "{}", value: 1 }];

const rulesOf = (name: string): readonly GrafanaRule[] =>
  rules.filter(({ title }) => title === name);

function alertOf({ title, labels }: GrafanaRule) {
  const { limit, severity } = labels;
  const told = { ...(limit && { limit }), ...(severity && { severity }) };
  return ruleOf({ alert: title, labels: told }, alerts);
}

/** Whether the rule's alert fires at this moment, and did not at the one before, where it may be kept. */
function firesAnew({ moments }: AlertCase, at: number, rule: GrafanaRule): boolean {
  const fires = (moment: Moment | undefined): boolean =>
    moment?.firing.some((firing) => ruleOf(firing, alerts) === alertOf(rule)) ?? false;
  return fires(moments[at]) && !(rule.keepFiringFor && fires(moments[at - 1]));
}

/** What Grafana computes, as PromQL: the values of A for which C is 1. */
function inPromql(rule: GrafanaRule): string {
  const values = `(${stepOf(rule, "A").model.expr})`;
  const { type, params } = evaluatorOf(rule);
  const [first = Number.NaN, last = Number.NaN] = params;
  switch (type) {
    case "gte":
      return `${values} >= ${first}`;
    case "lte":
      return `${values} <= ${first}`;
    case "lt":
      return `${values} < ${first}`;
    case "outside_range_included":
      return `${values} <= ${first} or ${values} >= ${last}`;
  }
}
