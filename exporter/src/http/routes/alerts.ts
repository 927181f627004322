import type { Request, RequestHandler, Response } from "express";
import { HeadroomError } from "../../errors.ts";
import type { Incidents } from "../../operations/incidents.ts";
import { notificationOf } from "../../operations/notification.ts";
import type { Admission } from "../admission.ts";
import { parseAlerts } from "../alerts-request.ts";
import { readBody } from "../body.ts";
import { checkContentType } from "../content-type.ts";
import { endWithJson } from "../send.ts";

/** What the route of notifications is made of. */
export interface AlertsParts {
  readonly incidents: Pick<Incidents, "receive">;
  /** Is told of each notification that was not understood or not taken on. */
  readonly refusedAlerts: () => void;
  readonly alertsAdmission: Admission;
  /** The address of an alert's runbook, if there is one. */
  readonly runbookOf: (alert: string) => string | undefined;
  /** How long the body may take to arrive. */
  readonly bodyTimeoutSeconds: number;
}

/** `POST /v1/alerts`: files the alerts of a webhook; what is answered with 200 is on the disk. */
export function alerts(parts: AlertsParts): RequestHandler {
  return async (req, res) => {
    const received = await readAlerts(req, res).catch((error: unknown) => {
      if (error instanceof HeadroomError) parts.refusedAlerts();
      throw error;
    });
    const notifications = received.map((alert) => notificationOf(alert, parts.runbookOf));
    const { filings, incidents } = await parts.incidents.receive(notifications);
    if (!res.destroyed) endWithJson(res, 200, { alerts: received.length, ...filings, incidents });
  };

  async function readAlerts(req: Request, res: Response) {
    checkContentType(req.headers);
    const place = parts.alertsAdmission.enter();
    res.once("close", place.leave);
    const options = { maxBytes: 1024 * 1024, seconds: parts.bodyTimeoutSeconds, place };
    return parseAlerts(await readBody(req, options));
  }
}
