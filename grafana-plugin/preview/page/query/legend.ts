import type { Labels } from "@grafana/data";

/** `{{label}}`, with blanks allowed inside. */
const LABEL = /\{\{\s*(.+?)\s*\}\}/g;

/**
 * What a series is called, as Grafana's Prometheus data source does it: the legend's text with its
 * labels filled in, else the metric with its labels, else the expression. With `__auto` the panel
 * finds the names itself, when there are labels to tell series apart.
 */
export function seriesName(legendFormat: string, labels: Labels, expr: string): string {
  if (legendFormat === "__auto") return Object.keys(labels).length > 0 ? "" : expr;
  if (legendFormat) return legendFormat.replace(LABEL, (_, name: string) => labels[name] ?? "");
  const name = metricText(labels);
  return name === "{}" ? expr : name;
}

/** A series as PromQL writes it: `up{instance="a", job="b"}`. */
export function metricText({ __name__: name = "", ...labels }: Labels): string {
  const pairs = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return pairs.length === 0 && name ? name : `${name}{${pairs.join(", ")}}`;
}
