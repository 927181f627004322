import { z } from "zod";

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());
const texts = z.record(z.string(), z.string());
/** Grafana sends empty or no values for alerts without data, and null where there is no number. */
const values = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((all) =>
    Object.fromEntries(
      Object.entries(all ?? {}).filter((one): one is [string, number] => Number.isFinite(one[1])),
    ),
  );

/**
 * One alert of a webhook of Alertmanager or Grafana. Fields that are not named here are let through
 * unread: both programs add some now and then. Times become ISO 8601 in UTC.
 */
export const RECEIVED_ALERT = z.object({
  status: z.enum(["firing", "resolved"]),
  labels: texts,
  annotations: texts.nullish().transform((all) => all ?? {}),
  startsAt: time,
  /** Before `startsAt` while it fires. */
  endsAt: time.optional(),
  fingerprint: z.string().regex(/^[0-9A-Za-z]{1,64}$/),
  generatorURL: z.string().optional(),
  dashboardURL: z.string().optional(),
  panelURL: z.string().optional(),
  values,
});

/** What an alerting system says about one alert, checked but with texts as they were sent. */
export type ReceivedAlert = Readonly<z.output<typeof RECEIVED_ALERT>>;

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
      Object.entries(alert.values)
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

/** Longest text of an alert that is kept, in Unicode code points. */
export const MAX_TEXT_CODE_POINTS = 500;

/**
 * Control characters, line ends, halves of surrogate pairs, and the marks that turn the direction
 * of text: none of them may change how the lines around a text look.
 */
const UNPRINTABLE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** What has a meaning inside a line of Markdown. */
const MARKDOWN = /[\\`*_[\]<>&|~$#!]/g;

/** A text of somebody else as one printable line of bounded length. */
export function oneLine(text: string, most: number = MAX_TEXT_CODE_POINTS): string {
  // Cut twice: first cheaply, so that a text of a megabyte is not taken apart.
  const line = text
    .slice(0, 4 * most)
    .replace(UNPRINTABLE, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  const points = [...line];
  const cut = points.length > most || text.length > 4 * most;
  return cut ? `${points.slice(0, most - 1).join("")}…` : line;
}

/** A text of somebody else as one line of Markdown that shows it as it is written. */
export function inMarkdown(text: string, most?: number): string {
  return oneLine(text, most).replace(MARKDOWN, "\\$&");
}

const MAX_LINK = 2000;

/** An http(s) address that is safe between `<` and `>`, without credentials; undefined for others. */
export function webLink(text: string | undefined): string | undefined {
  if (!text || text.length > MAX_LINK || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  url.username = "";
  url.password = "";
  return url.href.replace(/[<>\\\s]/g, encodeURIComponent);
}
