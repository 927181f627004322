import type { RequestHandler } from "express";
import { HeadroomError } from "../../../exporter/src/errors.ts";
import { checkContentType } from "../../../exporter/src/http/content-type.ts";
import { endWithJson } from "../../../exporter/src/http/send.ts";
import type { Incidents } from "../records/incidents.ts";
import { notificationOf } from "../records/notification.ts";
import { parseAlerts } from "./alerts-request.ts";
import { BodyReader } from "./read-body.ts";

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
  const bodies = new BodyReader();
  return async (req, res) => {
    const { received, truncated } = await Promise.resolve()
      .then(() => checkContentType(req.headers))
      .then(() => bodies.read(req))
      .then(parseAlerts)
      .catch((error: unknown) => {
        if (error instanceof HeadroomError) refused();
        throw error;
      });
    const notifications = received.map((alert) => notificationOf(alert, runbookOf));
    const receipt = await incidents.receive(notifications, truncated);
    if (res.destroyed) return;
    endWithJson(res, 200, {
      ...{ alerts: received.length, truncated },
      ...receipt.filings,
      incidents: receipt.incidents,
    });
  };
}
