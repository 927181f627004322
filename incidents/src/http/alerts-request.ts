import { z } from "zod";
import { HeadroomError } from "@headroom/exporter/errors";
import type { ReceivedAlert } from "../records/notification.ts";
import { parseJson } from "@headroom/exporter/http/json";

/** The most alerts of one notification; more are refused, since they would not be read anyway. */
export const MAX_ALERTS = 500;

/** Versions of the payload: Alertmanager sends "4", Grafana "1"; both have the same alerts. */
const VERSIONS = ["4", "1"];

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

/** Fields that are not named here are let through unread: both programs add some now and then. */
const ALERT = z.object({
  status: z.enum(["firing", "resolved"]),
  labels: texts,
  annotations: texts.nullish().transform((all) => all ?? {}),
  startsAt: time,
  endsAt: time.optional(),
  fingerprint: z.string().regex(/^[0-9A-Za-z]{1,64}$/),
  generatorURL: z.string().optional(),
  dashboardURL: z.string().optional(),
  panelURL: z.string().optional(),
  values,
});

const NOTIFICATION = z.object({
  version: z.string(),
  alerts: z.array(z.unknown()),
  truncatedAlerts: z.int().nonnegative().nullish().catch(0),
});

const EXAMPLE = '{"version": "4", "alerts": [...]}';

/** The alerts of a webhook, and how many more its sender left out. */
export interface ReceivedAlerts {
  readonly received: readonly ReceivedAlert[];
  readonly truncated: number;
}

/**
 * Reads the body of `POST /v1/alerts`, a webhook of Alertmanager or Grafana.
 *
 * @throws HeadroomError with a code of its own for each thing that can be wrong; neither its text
 * nor its members hold any text of an alert
 */
export function parseAlerts(body: Buffer): ReceivedAlerts {
  const { value } = parseJson(body, EXAMPLE);
  const notification = NOTIFICATION.safeParse(value);
  if (!notification.success) {
    throw new HeadroomError(
      "invalid_alerts",
      "The body is not a notification: it needs a version and a list of alerts, as the webhooks " +
        `of Alertmanager and Grafana have them: ${EXAMPLE}.`,
      { members: { field: notification.error.issues[0]?.path.join(".") ?? "" } },
    );
  }
  const { version, alerts, truncatedAlerts } = notification.data;
  if (!VERSIONS.includes(version)) {
    throw new HeadroomError(
      "unknown_alerts_version",
      "The notification has another version than those that are understood: " +
        '"4" of Alertmanager and "1" of Grafana.',
      { members: { allowed: VERSIONS } },
    );
  }
  if (alerts.length > MAX_ALERTS) {
    throw new HeadroomError(
      "too_many_alerts",
      `A notification may hold at most ${MAX_ALERTS} alerts, and none of these was recorded. ` +
        `Group alerts by more labels, or set the webhook's max_alerts to ${MAX_ALERTS}.`,
      { members: { limit: MAX_ALERTS, unit: "alerts" } },
    );
  }
  return { received: alerts.map(parseAlert), truncated: truncatedAlerts ?? 0 };
}

function parseAlert(alert: unknown, index: number): ReceivedAlert {
  const parsed = ALERT.safeParse(alert);
  if (parsed.success) return parsed.data;
  // Names below labels and annotations are the sender's own.
  const [field] = parsed.error.issues[0]?.path ?? [];
  const where = typeof field === "string" ? `has no valid "${field}"` : "is not an object";
  throw new HeadroomError(
    "invalid_alerts",
    `Alert ${index} (counted from 0) ${where}, so none of the alerts was recorded. It needs ` +
      "status, labels, startsAt and fingerprint as Alertmanager and Grafana send them.",
    { members: { index, field: typeof field === "string" ? field : undefined } },
  );
}
