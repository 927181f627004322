import { stringify } from "yaml";
import {
  type AlertingRule,
  isAlert,
  type Rule,
  type RuleGroup,
} from "@headroom/alerts/rules/group";
import { INSTANCE_IN_LINKS } from "@headroom/alerts/rules/options";
import type { AlertCase, Firing } from "@headroom/alerts/tests/case";
import { INSTANCE, STEP_SECONDS } from "@headroom/alerts/tests/timeline";
import { YAML_STYLE } from "../prometheus.ts";
import type { CompanionAnswer } from "./companion.ts";

/** The groups with their alerts and what these read, near and far: what is recorded for others takes half of the time. */
export function whatAlertsRead(groups: readonly RuleGroup[]): readonly RuleGroup[] {
  const rules = groups.flatMap((group) => group.rules);
  const read = new Set<Rule>(rules.filter(isAlert));
  for (const { expr } of read) {
    const names = new Set(expr.match(/[\w:]+/g));
    for (const rule of rules) if (!isAlert(rule) && names.has(rule.record)) read.add(rule);
  }
  return groups
    .map((group) => ({ ...group, rules: group.rules.filter((rule) => read.has(rule)) }))
    .filter((group) => group.rules.length > 0);
}

/** The host of the n-th of the stories that are told together, which are told apart by it. */
export const hostOf = (n: number): string => `127.0.1.${n + 1}`;

/**
 * Stories in groups whose exporters one Prometheus can watch side by side, which takes it little more time
 * than to watch one. Of an alert whose texts are compared, promtool wants those of every exporter for which
 * it fires at that time; and an exporter whose target is gone is only missed where there is no other.
 */
export function sideBySide(stories: readonly AlertCase[]): readonly (readonly AlertCase[])[] {
  const groups: AlertCase[][] = [];
  for (const story of stories) {
    const fits = (group: readonly AlertCase[]) =>
      group.every((other) => fitBeside(story, other) && fitBeside(other, story));
    const group = groups.find((one) => one.length < MOST_HOSTS && fits(one));
    if (group) group.push(story);
    else groups.push([story]);
  }
  return groups;
}

const MOST_HOSTS = 254;

function fitBeside(story: AlertCase, other: AlertCase): boolean {
  if (isAlone(story) || story.stepSeconds !== other.stepSeconds) return false;
  const fires = other.moments.some(({ firing }) =>
    firing.some(({ alert }) => alert === story.alert),
  );
  if (!story.prints || !fires) return true;
  const moments = ({ moments }: AlertCase) => moments.map(({ atSeconds }) => atSeconds).join();
  return (
    other.prints !== undefined && story.alert === other.alert && moments(story) === moments(other)
  );
}

const isAlone = ({ moments }: AlertCase): boolean =>
  moments.some(({ firing }) =>
    firing.some(({ labels = {} }) => labels["job"] !== undefined && !labels["instance"]),
  );

/**
 * Cases that are told together as one promtool unit test, each on a host of its own.
 *
 * At each moment Prometheus' own series `ALERTS` must hold exactly the expected alerts of that host, and
 * none without a host, so that an alert that nobody expects fails the case as well. Where the case says what
 * the templates print, the texts of the firing alert are compared too.
 */
export function promtoolTest(
  cases: readonly AlertCase[],
  alerts: readonly AlertingRule[],
  ruleFile: string,
): string {
  const step = `${cases[0]?.stepSeconds ?? STEP_SECONDS}s`;
  const stories = cases.map((story, n) => onHost(hostOf(n), story));
  return stringify(
    {
      rule_files: [ruleFile],
      evaluation_interval: step,
      tests: [
        {
          interval: step,
          input_series: stories.flatMap(({ series }) => series),
          promql_expr_test: stories.flatMap(({ moments }, n) =>
            moments.map((moment) => ({
              expr: `ALERTS{alertstate="firing", instance=~"(${hostOf(n)}:.*)?"}`,
              eval_time: `${moment.atSeconds}s`,
              exp_samples: moment.firing.map((firing) => ({
                labels: seriesOf(firing, ruleOf(firing, alerts)),
                value: 1,
              })),
            })),
          ),
          alert_rule_test: expectedTexts(stories, alerts),
        },
      ],
    },
    YAML_STYLE,
  );
}

/** What promtool has against the n-th of the cases that it was told together; "" when nothing. */
export function complaint({ ok, output }: CompanionAnswer, n: number): string {
  if (ok) return "";
  const complaints = output.split(/^(?= +(?:expr|alertname): )/m).slice(1);
  // What stops promtool before it looks is against all of them.
  if (complaints.length === 0) return output;
  return complaints.filter((text) => text.includes(`${hostOf(n)}:`)).join("");
}

/** The story with all its addresses on that host. */
function onHost(host: string, story: AlertCase): AlertCase {
  const told = {
    ...story,
    moments: story.moments.map((moment) => ({
      ...moment,
      firing: moment.firing.map(({ alert, labels }) => ({
        alert,
        labels: { ...(!labels?.["job"] && WATCHED), ...labels },
      })),
    })),
  };
  return JSON.parse(JSON.stringify(told).replaceAll(/\b127\.0\.0\.1:/g, `${host}:`)) as AlertCase;
}

const WATCHED = { job: "headroom", instance: INSTANCE };

/**
 * The rule that a firing alert comes from. Rules that share a name differ in limit or severity, which
 * the firing must then name.
 *
 * @throws Error when it fits no rule, or more than one
 */
export function ruleOf(firing: Firing, alerts: readonly AlertingRule[]): AlertingRule {
  const { limit, severity } = firing.labels ?? {};
  const [rule, other] = alerts.filter(
    ({ alert, labels }) =>
      alert === firing.alert &&
      (limit ?? labels.limit) === labels.limit &&
      (severity ?? labels.severity) === labels.severity,
  );
  const which = [firing.alert, limit, severity].filter(Boolean).join(" ");
  if (!rule) throw new Error(`a case names the unknown alert ${which}`);
  if (other) {
    throw new Error(`several rules are called ${which}; the case must name the limit or severity`);
  }
  return rule;
}

function seriesOf({ labels }: Firing, rule: AlertingRule): string {
  const all = { alertname: rule.alert, alertstate: "firing", ...rule.labels, ...labels };
  const pairs = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
  return `ALERTS{${pairs.join(", ")}}`;
}

/** What the texts must be, for each alert and moment once. */
function expectedTexts(stories: readonly AlertCase[], alerts: readonly AlertingRule[]): object[] {
  const tests = new Map<string, { eval_time: string; alertname: string; exp_alerts: object[] }>();
  for (const { alert, moments, prints } of stories) {
    for (const { atSeconds, firing } of prints ? moments : []) {
      for (const one of firing.filter((other) => other.alert === alert)) {
        const key = `${alert} ${atSeconds}`;
        const test = { eval_time: `${atSeconds}s`, alertname: alert, exp_alerts: [] };
        if (!tests.has(key)) tests.set(key, test);
        tests.get(key)!.exp_alerts.push(textsOf(one, ruleOf(one, alerts), prints!));
      }
    }
  }
  return [...tests.values()];
}

function textsOf(
  { labels = {} }: Firing,
  rule: AlertingRule,
  prints: Readonly<Record<string, string>>,
): object {
  const pieces = { ...prints, [INSTANCE_IN_LINKS]: inLink(labels["instance"]) };
  return {
    exp_labels: { ...rule.labels, ...labels },
    exp_annotations: Object.fromEntries(
      Object.entries(rule.annotations).map(([name, text]) => [name, printed(text, pieces)]),
    ),
  };
}

function inLink(instance: string | undefined): string {
  return instance === undefined ? "" : `?var-instance=${instance}`;
}

function printed(template: string, prints: Readonly<Record<string, string>>): string {
  const text = Object.entries(prints).reduce(
    (current, [piece, value]) => current.replaceAll(piece, value),
    template,
  );
  if (text.includes("{{")) throw new Error(`the case does not say what this prints: ${text}`);
  return text;
}
