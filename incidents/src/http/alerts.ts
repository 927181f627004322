import type { Request, RequestHandler, Response } from "express";
import { z } from "zod";
import { HeadroomError } from "@headroom/exporter/errors";
import { Admission } from "@headroom/exporter/http/admission";
import { endWithJson } from "@headroom/exporter/http/answer";
import { parseJson } from "@headroom/exporter/http/json";
import { receiveBody } from "@headroom/exporter/http/request-body";
import type { Incidents } from "../records/record-notifications.ts";
import { notificationOf, RECEIVED_ALERT, type ReceivedAlert } from "../records/notification.ts";

/** The most alerts of one notification; more are refused, since they would not be read anyway. */
export const MAX_ALERTS = 500;

/** As many alerts as are taken, each with far longer texts than an incident keeps; in bytes. */
export const MAX_BODY_BYTES = MAX_ALERTS * 32 * 1024;

/** How long a notification may take to arrive. */
export const BODY_SECONDS = 10;

/** Notifications that are read at once; who begins to send and does not go on gives way to the others. */
const BOUNDS = { messages: 0, requests: 64, bytes: 2 * MAX_BODY_BYTES };

/** What the route of notifications is made of. */
export interface AlertsParts {
  readonly incidents: Pick<Incidents, "receive">;
  /** Is told of each notification that was not understood or not taken on. */
  readonly refused: () => void;
  /** The address of an alert's runbook, if there is one. */
  readonly runbookOf: (alert: string) => string | undefined;
}

/** `POST /v1/alerts`: files the alerts of a webhook; what is answered with 200 is on the disk. */
export function alerts({ incidents, refused, runbookOf }: AlertsParts): RequestHandler {
  const admission = new Admission(BOUNDS);
  const read = async (req: Request, res: Response) => {
    const bounds = { maxBytes: MAX_BODY_BYTES, seconds: BODY_SECONDS };
    return parseAlerts((await receiveBody(req, res, admission, bounds)).body);
  };
  return async (req, res) => {
    const { received, truncated } = await read(req, res).catch((error: unknown) => {
      if (error instanceof HeadroomError) refused();
      throw error;
    });
    const notifications = received.map((alert) => notificationOf(alert, runbookOf));
    const { filings, incidents: ids } = await incidents.receive(notifications, truncated);
    if (res.destroyed) return;
    endWithJson(res, 200, { alerts: received.length, truncated, ...filings, incidents: ids });
  };
}

/** Versions of the payload: Alertmanager sends "4", Grafana "1"; both have the same alerts. */
const VERSIONS = ["4", "1"];

const NOTIFICATION = z.object({
  version: z.string(),
  alerts: z.array(z.unknown()),
  truncatedAlerts: z.int().nonnegative().nullish().catch(0),
});

const EXAMPLE = '{"version": "4", "alerts": [...]}';

/**
 * Reads a webhook of Alertmanager or Grafana, and how many more alerts its sender left out. An error
 * holds no text of an alert.
 */
function parseAlerts(body: Buffer) {
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
  const parsed = RECEIVED_ALERT.safeParse(alert);
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
