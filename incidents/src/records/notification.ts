import { oneLine, webLink } from "./plain-text.ts";

/** What an alerting system says about one alert, checked but with texts as they were sent. */
export interface ReceivedAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly startsAt: string;
  /** ISO 8601, UTC; before `startsAt` while it fires. */
  readonly endsAt?: string | undefined;
  readonly fingerprint: string;
  readonly generatorURL?: string | undefined;
  readonly dashboardURL?: string | undefined;
  readonly panelURL?: string | undefined;
  readonly values?: Readonly<Record<string, number>> | undefined;
}

/** What an incident needs to know of an alert; texts are printable lines of bounded length. */
export interface AlertNotification {
  readonly status: "firing" | "resolved";
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly endsAt: string | undefined;
  readonly name: string;
  readonly severity: string | undefined;
  /** The instance that the alert is about; empty when it names none. */
  readonly scope: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number>>;
  readonly summary: string;
  readonly description: string;
  readonly links: Readonly<Record<string, string>>;
}

/** Labels that our own rules and Prometheus give; others may hold anything and are not kept. */
const KEPT_LABELS = [
  ...["alertname", "severity", "limit", "job", "instance", "scope", "scenario", "method"],
  ...[
    "cache",
    "tier",
    "reason",
    "outcome",
    "grafana_folder",
    "rulename",
    "datasource_uid",
    "ref_id",
  ],
];

/** Alerts that Grafana makes itself, when the query of a rule fails or finds nothing. */
const MADE_BY_GRAFANA = ["DatasourceNoData", "DatasourceError"];

const MAX_LABEL = 120;
const MAX_VALUES = 20;

/**
 * Takes from an alert what an incident keeps.
 *
 * @param runbook - the address of an alert's runbook when there is one; for alerts that name none
 */
export function notificationOf(
  alert: ReceivedAlert,
  runbook: (name: string) => string | undefined,
): AlertNotification {
  const { labels, annotations } = alert;
  const alertname = labels["alertname"] ?? "";
  // The rule is what such an alert is about; its own name says no more than what is wrong with it.
  const rule = MADE_BY_GRAFANA.includes(alertname) ? labels["rulename"] : undefined;
  const name =
    oneLine(rule === undefined ? alertname : `${alertname}: ${rule}`, MAX_LABEL) || "unnamed";
  const isTest = alertname === "TestAlert" && labels["instance"] === "Grafana";
  const links = {
    Runbook: webLink(annotations["runbook_url"]) ?? runbook(rule ?? name),
    Source: webLink(alert.generatorURL),
    // Grafana names the very dashboard and panel of its rule; rules for Prometheus annotate one.
    Dashboard: webLink(alert.dashboardURL) ?? webLink(annotations["dashboard_url"]),
    Panel: webLink(alert.panelURL),
  };
  return {
    // Grafana's test button never tells an end: it is over as soon as it has arrived.
    status: isTest ? "resolved" : alert.status,
    fingerprint: alert.fingerprint,
    startsAt: alert.startsAt,
    endsAt: alert.endsAt !== undefined && alert.endsAt >= alert.startsAt ? alert.endsAt : undefined,
    name,
    severity: labels["severity"],
    scope: oneLine(labels["instance"] ?? "", MAX_LABEL),
    labels: Object.fromEntries(
      KEPT_LABELS.flatMap((label) => {
        const value = labels[label];
        return value === undefined ? [] : [[label, oneLine(value, MAX_LABEL)] as const];
      }),
    ),
    values: Object.fromEntries(
      Object.entries(alert.values ?? {})
        .slice(0, MAX_VALUES)
        .map(([name, value]) => [oneLine(name, MAX_LABEL), value] as const)
        // It would be lost when the file is read again.
        .filter(([name]) => name !== "__proto__"),
    ),
    summary: oneLine(annotations["summary"] ?? ""),
    description: oneLine(annotations["description"] ?? annotations["Error"] ?? ""),
    links: Object.fromEntries(Object.entries(links).flatMap(([k, v]) => (v ? [[k, v]] : []))),
  };
}
