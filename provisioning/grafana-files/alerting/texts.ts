import type { AlertAnnotations } from "@headroom/alerts/rules/group";
import { STEPS } from "./steps.ts";

/**
 * Annotations with Prometheus' templates as Grafana's. Both are Go templates with `$labels` and the
 * functions that print a value for people; but Grafana's `$value` is a text about all steps, so the
 * number is taken from its step.
 * Source: https://grafana.com/docs/grafana/latest/alerting/alerting-rules/templates/reference/
 */
export function grafanaTexts(annotations: AlertAnnotations): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, text]: [string, string]) => [
      name,
      text.replaceAll(/\$value\b/g, () => `$values.${STEPS.value}.Value`),
    ]),
  );
}
