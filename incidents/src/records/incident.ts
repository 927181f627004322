import { z } from "zod";

/** How bad an incident is, worst first; `other` is whatever an alert's label says besides. */
export const INCIDENT_SEVERITIES = ["critical", "warning", "info", "other"] as const;

/** How bad an incident is. */
export type IncidentSeverity = (typeof INCIDENT_SEVERITIES)[number];

/** Where an incident stands: something fires, all has recovered, or a person is done with it. */
export const INCIDENT_STATUSES = ["open", "resolved", "closed"] as const;

/**
 * Where the values of the key metrics stand: `off` without a Prometheus to ask, `pending` until it
 * has answered.
 */
export const SNAPSHOT_STATES = ["off", "pending", "taken", "unreachable"] as const;

const texts = z.record(z.string(), z.string());

/** One time that an alert fired; firing again later is another one. */
const alertSchema = z.object({
  /** Alertmanager's or Grafana's hash of the labels. */
  fingerprint: z.string(),
  /** ISO 8601, UTC. */
  startsAt: z.string(),
  /** ISO 8601, UTC; absent while it fires. */
  endsAt: z.string().optional(),
  name: z.string(),
  severity: z.enum(INCIDENT_SEVERITIES),
});

/** What the front matter of an incident's file holds. Times are ISO 8601 in UTC. */
export const incidentSchema = z.object({
  id: z.string().regex(/^[\w-]{1,100}$/),
  status: z.enum(INCIDENT_STATUSES),
  /** Name of the alert that opened it. */
  alert: z.string(),
  /** The worst of its alerts. */
  severity: z.enum(INCIDENT_SEVERITIES),
  /** The instance that it is about; empty when the alert names none. */
  scope: z.string(),
  started: z.string(),
  resolved: z.string().optional(),
  closed: z.string().optional(),
  /** From the first alert's start to the last one's end. */
  durationSeconds: z.number().optional(),
  labels: texts,
  /** Values of the query, as Grafana sends them; Alertmanager has them in the description only. */
  values: z.record(z.string(), z.number()),
  links: texts,
  snapshot: z.enum(SNAPSHOT_STATES),
  alerts: z.array(alertSchema),
});

/** An incident, without the text that people read and write. */
export type Incident = Readonly<z.output<typeof incidentSchema>>;

/** One alert of an incident. */
export type IncidentAlert = Readonly<z.output<typeof alertSchema>>;

/**
 * Whether a notification is about this time that an alert fired. The fingerprint alone decides while it
 * fires: Grafana 12 sends the recovery with another start, and so may an Alertmanager that was started
 * again and the other one of a pair. What began before the end was already told, too.
 */
export function isAbout(
  { fingerprint, endsAt }: IncidentAlert,
  told: Pick<IncidentAlert, "fingerprint" | "startsAt">,
): boolean {
  return fingerprint === told.fingerprint && (endsAt === undefined || told.startsAt <= endsAt);
}

/** The severity that an alert's label names. */
export function severityOf(label: string | undefined): IncidentSeverity {
  return INCIDENT_SEVERITIES.find((severity) => severity === label) ?? "other";
}

/** The worse of two severities. */
export function worse(a: IncidentSeverity, b: IncidentSeverity): IncidentSeverity {
  return INCIDENT_SEVERITIES.indexOf(a) <= INCIDENT_SEVERITIES.indexOf(b) ? a : b;
}
