import { stringify } from "yaml";
import type { AlertingRule } from "@headroom/alerts/rules/group";
import { INSTANCE_IN_LINKS } from "@headroom/alerts/rules/options";
import type { AlertCase, Firing } from "@headroom/alerts/tests/case";
import { INSTANCE, STEP_SECONDS } from "@headroom/alerts/tests/timeline";
import { YAML_STYLE } from "../prometheus.ts";

/**
 * A case as a promtool unit test.
 *
 * At each moment Prometheus' own series `ALERTS` must hold exactly the expected alerts, so that an
 * alert that nobody expects fails the case as well. Where the case says what the templates print,
 * the texts of the firing alert are compared too.
 */
export function promtoolTest(
  story: AlertCase,
  alerts: readonly AlertingRule[],
  ruleFile: string,
): string {
  const step = `${story.stepSeconds ?? STEP_SECONDS}s`;
  return stringify(
    {
      rule_files: [ruleFile],
      evaluation_interval: step,
      tests: [
        {
          name: `${story.alert} ${story.title}`,
          interval: step,
          input_series: story.series,
          promql_expr_test: story.moments.map((moment) => ({
            expr: 'ALERTS{alertstate="firing"}',
            eval_time: `${moment.atSeconds}s`,
            exp_samples: moment.firing.map((firing) => ({
              labels: seriesOf(firing, ruleOf(firing, alerts)),
              value: 1,
            })),
          })),
          alert_rule_test: expectedTexts(story, alerts),
        },
      ],
    },
    YAML_STYLE,
  );
}

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

function labelsOf(firing: Firing, rule: AlertingRule): Record<string, string> {
  const target = firing.labels?.["job"] ? {} : { job: "headroom", instance: INSTANCE };
  return { ...rule.labels, ...target, ...firing.labels };
}

function seriesOf(firing: Firing, rule: AlertingRule): string {
  const labels = { alertname: rule.alert, alertstate: "firing", ...labelsOf(firing, rule) };
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return `ALERTS{${pairs.join(", ")}}`;
}

function expectedTexts(
  { alert, moments, prints }: AlertCase,
  alerts: readonly AlertingRule[],
): object[] {
  if (!prints) return [];
  return moments.flatMap(({ atSeconds, firing }) => {
    const about = firing.filter((f) => f.alert === alert);
    if (about.length === 0) return [];
    return {
      eval_time: `${atSeconds}s`,
      alertname: alert,
      exp_alerts: about.map((one) => {
        const rule = ruleOf(one, alerts);
        const labels = labelsOf(one, rule);
        const pieces = { ...prints, [INSTANCE_IN_LINKS]: inLink(labels["instance"]) };
        return {
          exp_labels: labels,
          exp_annotations: Object.fromEntries(
            Object.entries(rule.annotations).map(([name, text]) => [name, printed(text, pieces)]),
          ),
        };
      }),
    };
  });
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
