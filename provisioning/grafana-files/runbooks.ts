import { DashboardLinkBuilder, DashboardLinkType } from "@grafana/grafana-foundation-sdk/dashboard";
import type { AlertingRule } from "@headroom/alerts/rules/group";

/** A page that says what to do about an alert. */
export interface Runbook {
  readonly alert: string;
  readonly url: string;
  /** The `limit` labels of the alerts of this name; empty when no limit is behind it. */
  readonly limits: readonly string[];
  /** What the alerts are called urgent, and how long each is pending before it fires. */
  readonly severities: ReadonlyMap<string, { readonly holdSeconds: number }>;
  /** What to do first, in one line. */
  readonly action: string;
}

/** The runbooks of the alerts, each once, in the order of the rules. */
export function runbooksOf(alerts: readonly AlertingRule[]): readonly Runbook[] {
  const names = [...new Set(alerts.map(({ alert }) => alert))];
  return names.map((name) => {
    const same = alerts.filter(({ alert }) => alert === name);
    return {
      alert: name,
      url: same[0]?.annotations.runbook_url ?? "",
      limits: same.flatMap(({ labels }) => labels.limit ?? []),
      severities: new Map(
        same.map((one) => [one.labels.severity, { holdSeconds: secondsOf(one.for) }]),
      ),
      action: same[0]?.annotations.action ?? "",
    };
  });
}

/** Those that belong to any of the limits. */
export function runbooksFor(
  runbooks: readonly Runbook[],
  ...limits: readonly string[]
): readonly Runbook[] {
  return runbooks.filter((runbook) => runbook.limits.some((id) => limits.includes(id)));
}

/** As {@link duration} writes them. */
const secondsOf = (text: string): number =>
  Number.parseInt(text, 10) * ({ s: 1, m: 60, h: 3_600 }[text.slice(-1)] ?? Number.NaN);

/** What the limits panel says of a broken limit: the option `advice` in the shape that it reads. */
export function adviceOn(runbooks: readonly Runbook[]): readonly object[] {
  return runbooks.flatMap(({ alert, limits, severities, url: runbookUrl, action }) =>
    [...severities].map(([severity, { holdSeconds }]) => ({
      ...{ alert, limits, severity, holdSeconds, runbookUrl, action },
    })),
  );
}

/** Links in the corner of a panel. */
export function panelLinks(runbooks: readonly Runbook[]): DashboardLinkBuilder[] {
  return runbooks.map(({ alert, url }) =>
    new DashboardLinkBuilder(title(alert))
      .type(DashboardLinkType.Link)
      .icon("external link")
      .url(url)
      .targetBlank(true),
  );
}

/** Links of a series, as a field's configuration holds them. */
export function seriesLinks(
  runbooks: readonly Runbook[],
): readonly { readonly title: string; readonly url: string; readonly targetBlank: true }[] {
  return runbooks.map(({ alert, url }) => ({ title: title(alert), url, targetBlank: true }));
}

const title = (alert: string): string => `Runbook: ${alert}`;
