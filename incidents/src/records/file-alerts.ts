import { createHash } from "node:crypto";
import { newBody, withAfterwards, withTimelineLine } from "./incident-body.ts";
import {
  isAbout,
  severityOf,
  worse,
  type Incident,
  type IncidentAlert,
  type IncidentFile,
} from "./incident.ts";
import type { IncidentFiles } from "./incident-store.ts";
import { inMarkdown, type AlertNotification } from "./notification.ts";

/** What became of an alert that was understood. */
export type Filing = "opened" | "added" | "resolved" | "repeated";

/** More alerts than this in one incident open another one, so that no file grows without end. */
const MAX_ALERTS_PER_INCIDENT = 1000;

/** How an incident's first version is made, and what time it is. */
export interface FilingContext {
  readonly snapshot: "pending" | "off";
  /** ISO 8601, UTC. */
  readonly now: string;
  /** How many more alerts the sender left out. */
  readonly truncated: number;
}

/** What became of the alerts of one notification. */
export interface Filed {
  readonly filings: Readonly<Record<Filing, number>>;
  /** Ids of the incidents that the alerts belong to. */
  readonly incidents: readonly string[];
  /** Changed incidents, as they were before and as they are now. */
  readonly changed: readonly Changed[];
}

/** An incident before and after a change; before, there may be none. */
export interface Changed {
  readonly before: IncidentFile | undefined;
  readonly after: IncidentFile;
}

/**
 * Files alerts one after the other: each opens an incident, is added to an open one, or ends in one.
 * The same alerts again change nothing.
 */
export function fileAlerts(
  alerts: readonly AlertNotification[],
  files: IncidentFiles,
  context: FilingContext,
): Filed {
  const filings: Record<Filing, number> = { opened: 0, added: 0, resolved: 0, repeated: 0 };
  const incidents = new Set<string>();
  const index = new IncidentIndex(files);
  for (const alert of alerts) {
    const first = fileAlert(alert, index, context);
    filings[first.filing]++;
    incidents.add(first.id);
    // Closed by a person while it fired, it may fire in a later one as well.
    while (alert.status === "resolved" && index.firing(alert)) {
      incidents.add(fileAlert(alert, index, context).id);
    }
  }
  if (context.truncated > 0) {
    // What is told again changes no incident, and so this is not told again either.
    const line = `**left out** ${context.truncated} more alerts of the same notification, by its sender`;
    for (const { after } of index.changed()) {
      index.put({ ...after, body: withTimelineLine(after.body, context.now, line) });
    }
  }
  return { filings, incidents: [...incidents], changed: index.changed() };
}

function fileAlert(
  alert: AlertNotification,
  index: IncidentIndex,
  context: FilingContext,
): { readonly filing: Filing; readonly id: string } {
  const put = (filing: Filing, file: IncidentFile) => {
    index.put(file);
    return { filing, id: file.incident.id };
  };
  const known = index.firing(alert) ?? index.holders(alert)[0];
  if (known) {
    const fires = known.incident.alerts.some((one) => firesIn(one, alert));
    if (alert.status === "firing" || !fires) return put("repeated", known);
    return put("resolved", withRecovery(known, alert, context));
  }
  const related = index.open().find(({ incident }) => isRelated(incident, alert));
  const taken = withAlert(related ?? newIncident(alert, context), alert);
  // Nobody told us that it fired, as when we were down; the record is made all the same.
  if (alert.status === "resolved") return put("resolved", withRecovery(taken, alert, context));
  return put(related ? "added" : "opened", taken);
}

/** The incidents while alerts are filed: found by their alerts, and which of them have changed. */
class IncidentIndex {
  readonly #before: IncidentFiles;
  readonly #files: Map<string, IncidentFile>;
  /** Ids of the incidents that hold an alert of a fingerprint. */
  readonly #holding = new Map<string, Set<string>>();
  readonly #open = new Set<string>();
  readonly #changed = new Set<string>();

  constructor(files: IncidentFiles) {
    this.#before = files;
    this.#files = new Map(files);
    for (const file of files.values()) this.#index(file);
  }

  open(): IncidentFile[] {
    return [...this.#open].map((id) => this.#files.get(id)!);
  }

  /** The incidents that hold this alert. Whoever closed one does not want to hear more in it. */
  holders(told: AlertNotification): IncidentFile[] {
    return [...(this.#holding.get(told.fingerprint) ?? [])]
      .map((id) => this.#files.get(id)!)
      .filter(({ incident: { alerts, closed } }) => {
        const isNew = told.status === "firing" && closed !== undefined && told.startsAt > closed;
        return !isNew && alerts.some((alert) => isAbout(alert, told));
      });
  }

  /** One of them in which it fires. */
  firing(told: AlertNotification): IncidentFile | undefined {
    return this.holders(told).find(({ incident }) =>
      incident.alerts.some((alert) => firesIn(alert, told)),
    );
  }

  put(file: IncidentFile): void {
    const { id } = file.incident;
    if (file === this.#files.get(id)) return;
    this.#files.set(id, file);
    this.#changed.add(id);
    this.#index(file);
  }

  changed(): Changed[] {
    return [...this.#changed].map((id) => ({
      before: this.#before.get(id),
      after: this.#files.get(id)!,
    }));
  }

  #index({ incident }: IncidentFile): void {
    for (const { fingerprint } of incident.alerts) {
      const ids = this.#holding.get(fingerprint) ?? new Set();
      this.#holding.set(fingerprint, ids.add(incident.id));
    }
    if (incident.status === "open") this.#open.add(incident.id);
    else this.#open.delete(incident.id);
  }
}

function firesIn(alert: IncidentAlert, told: AlertNotification): boolean {
  return alert.endsAt === undefined && isAbout(alert, told);
}

/**
 * Whether an alert belongs to an open incident: it is about the same instance, or the same alert. Those
 * that name no instance have nothing in common by that.
 */
function isRelated(incident: Incident, alert: AlertNotification): boolean {
  return (
    incident.alerts.length < MAX_ALERTS_PER_INCIDENT &&
    ((alert.scope !== "" && incident.scope === alert.scope) ||
      incident.alerts.some(({ name }) => name === alert.name))
  );
}

function newIncident(alert: AlertNotification, { snapshot }: FilingContext): IncidentFile {
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
    snapshot,
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
  const ends = alerts.map((one) => one.endsAt).filter((end) => end !== undefined);
  if (incident.status !== "open" || ends.length < alerts.length) {
    return { incident: { ...incident, alerts }, body: noted };
  }
  const resolved = ends.sort().at(-1)!;
  // A sender whose clock is ahead may name a start that is still to come.
  const took = Date.parse(resolved) - Date.parse(incident.started);
  const durationSeconds = Math.max(0, took) / 1000;
  const recovered = withTimelineLine(noted, resolved, `**recovered** after ${durationSeconds} s`);
  return {
    incident: { ...incident, status: "resolved", resolved, durationSeconds, alerts },
    body: withAfterwards(recovered),
  };
}
