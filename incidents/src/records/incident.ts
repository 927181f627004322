import { z } from "zod";

/** How bad an incident is, worst first; `other` is whatever an alert's label says besides. */
export const INCIDENT_SEVERITIES = ["critical", "warning", "info", "other"] as const;

/** How bad an incident is. */
export type IncidentSeverity = (typeof INCIDENT_SEVERITIES)[number];

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
const incidentSchema = z.object({
  id: z.string().regex(/^[\w-]{1,100}$/),
  /** Something fires, all has recovered, or a person is done with it. */
  status: z.enum(["open", "resolved", "closed"]),
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
  /** Of the key metrics: `off` without a Prometheus to ask, `pending` until it has answered. */
  snapshot: z.enum(["off", "pending", "taken", "unreachable"]),
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

/** An incident and the Markdown below its front matter, which people may have written in. */
export interface IncidentFile {
  readonly incident: Incident;
  readonly body: string;
}

const FENCE = "---";

/** An incident's file cannot be read as one, as after editing its front matter by hand. */
export class BrokenIncidentFile extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`The front matter ${why}. Repair it, or move the file out of the folder.`, options);
    this.name = "BrokenIncidentFile";
  }
}

/** The file's text. Each value of the front matter is JSON, which YAML contains. */
export function incidentText({ incident, body }: IncidentFile): string {
  const lines = Object.entries(incident)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return [FENCE, ...lines, FENCE, "", body].join("\n");
}

/**
 * Reads the file's text.
 *
 * @throws BrokenIncidentFile
 */
export function readIncidentText(text: string): IncidentFile {
  const [, front, body] = /^---\n([^]*?)\n---\n\n?([^]*)$/.exec(text) ?? [];
  if (front === undefined || body === undefined) throw new BrokenIncidentFile("is missing");
  const parsed = incidentSchema.safeParse(Object.fromEntries(front.split("\n").map(readLine)));
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new BrokenIncidentFile(`has no valid "${field}"`, { cause: parsed.error });
  }
  return { incident: parsed.data, body };
}

function readLine(line: string): [string, unknown] {
  const [, key = "", written = ""] = /^(\w+): (.*)$/.exec(line) ?? [];
  try {
    return [key, JSON.parse(written)];
  } catch (cause) {
    throw new BrokenIncidentFile(`has a line that is not "name: JSON"`, { cause });
  }
}
