import { createHash } from "node:crypto";
import { isAbout, severityOf, worse, type Incident, type IncidentAlert } from "./incident.ts";
import { newBody, withAfterwards, withTimelineLine } from "./incident-body.ts";
import type { IncidentFile } from "./incident-file.ts";
import type { AlertNotification } from "./notification.ts";
import { inMarkdown } from "./plain-text.ts";

/** What became of a notification that was understood. */
export type Filing = "opened" | "added" | "resolved" | "repeated";

/** More alerts than this in one incident open another one, so that no file grows without end. */
export const MAX_ALERTS_PER_INCIDENT = 1000;

/** How an incident's first version is made, and what time it is. */
export interface FilingContext {
  readonly snapshot: "pending" | "off";
  /** ISO 8601, UTC. */
  readonly now: string;
}

/**
 * Files a notification: opens an incident, adds to an open one, or notes a recovery. Filing it
 * again changes nothing.
 *
 * @param known - an incident that holds this alert already; one in which it fires, if there is any
 * @param open - incidents that may take it in
 * @returns the changed incident; the same object when nothing changed
 */
export function fileNotification(
  notification: AlertNotification,
  { known, open }: { known: IncidentFile | undefined; open: readonly IncidentFile[] },
  context: FilingContext,
): { readonly filing: Filing; readonly file: IncidentFile } {
  if (known) {
    const fires = known.incident.alerts.some((alert) => firesIn(alert, notification));
    if (notification.status === "firing" || !fires) return { filing: "repeated", file: known };
    return { filing: "resolved", file: withRecovery(known, notification, context) };
  }
  const related = open.find((file) => isRelated(file.incident, notification));
  const taken = related
    ? withAlert(related, notification)
    : withAlert(newIncident(notification, context), notification);
  // Nobody told us that it fired, as when we were down; the record is made all the same.
  if (notification.status === "resolved") {
    return { filing: "resolved", file: withRecovery(taken, notification, context) };
  }
  return { filing: related ? "added" : "opened", file: taken };
}

function firesIn(alert: IncidentAlert, told: AlertNotification): boolean {
  return alert.endsAt === undefined && isAbout(alert, told);
}

/**
 * Whether an alert belongs to an incident: it is about the same instance, or the same alert. Those that
 * name no instance have nothing in common by that.
 */
function isRelated(incident: Incident, alert: AlertNotification): boolean {
  return (
    incident.status === "open" &&
    incident.alerts.length < MAX_ALERTS_PER_INCIDENT &&
    ((alert.scope !== "" && incident.scope === alert.scope) ||
      incident.alerts.some(({ name }) => name === alert.name))
  );
}

function newIncident(alert: AlertNotification, context: FilingContext): IncidentFile {
  const incident: Incident = {
    id: idOf(alert),
    status: "open",
    alert: alert.name,
    severity: severityOf(alert.severity),
    scope: alert.scope,
    started: alert.startsAt,
    labels: alert.labels,
    values: alert.values,
    links: alert.links,
    snapshot: context.snapshot,
    alerts: [],
  };
  return { incident, body: newBody(incident, alert) };
}

/** The start, the alert's name as far as it may stand in a file's name, and a hash of both and its fingerprint. */
function idOf(alert: AlertNotification): string {
  const start = alert.startsAt.replace(/\.\d+Z$/, "Z").replaceAll(/[^\dTZ]/g, "");
  const name = alert.name.replaceAll(/[^A-Za-z0-9]/g, "").slice(0, 40) || "alert";
  const key = `${alert.fingerprint}@${alert.startsAt}`;
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 10);
  return `${start}-${name}-${hash}`;
}

function withAlert({ incident, body }: IncidentFile, alert: AlertNotification): IncidentFile {
  const severity = severityOf(alert.severity);
  const { fingerprint, startsAt, name } = alert;
  const where = alert.scope === "" ? "" : ` on ${inMarkdown(alert.scope)}`;
  const said = alert.summary === "" ? "" : `: ${inMarkdown(alert.summary)}`;
  const text = `**firing** ${inMarkdown(name)} (${severity})${where}${said}`;
  return {
    incident: {
      ...incident,
      severity: worse(incident.severity, severity),
      started: startsAt < incident.started ? startsAt : incident.started,
      alerts: [...incident.alerts, { fingerprint, startsAt, name, severity }],
    },
    body: withTimelineLine(body, startsAt, text),
  };
}

function withRecovery(
  { incident, body }: IncidentFile,
  alert: AlertNotification,
  { now }: FilingContext,
): IncidentFile {
  const endsAt = alert.endsAt ?? now;
  const alerts = incident.alerts.map((one) => (firesIn(one, alert) ? { ...one, endsAt } : one));
  const noted = withTimelineLine(body, endsAt, `**resolved** ${inMarkdown(alert.name)}`);
  const lastEnd = endOf(alerts);
  if (incident.status !== "open" || lastEnd === undefined) {
    return { incident: { ...incident, alerts }, body: noted };
  }
  // A sender whose clock is ahead may name a start that is still to come.
  const took = Date.parse(lastEnd) - Date.parse(incident.started);
  const durationSeconds = Math.max(0, took) / 1000;
  const recovered = withTimelineLine(noted, lastEnd, `**recovered** after ${durationSeconds} s`);
  return {
    incident: { ...incident, status: "resolved", resolved: lastEnd, durationSeconds, alerts },
    body: withAfterwards(recovered),
  };
}

/** When the last alert ended; undefined while one fires. */
function endOf(alerts: readonly IncidentAlert[]): string | undefined {
  let last = "";
  for (const { endsAt } of alerts) {
    if (endsAt === undefined) return undefined;
    if (endsAt > last) last = endsAt;
  }
  return last;
}
