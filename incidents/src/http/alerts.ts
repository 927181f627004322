import type { Request, RequestHandler, Response } from "express";
import { HeadroomError } from "@headroom/exporter/errors";
import { Admission } from "@headroom/exporter/http/admission";
import { readBody } from "@headroom/exporter/http/body";
import { checkContentType } from "@headroom/exporter/http/content-type";
import { endWithJson } from "@headroom/exporter/http/send";
import type { Incidents } from "../records/incidents.ts";
import { notificationOf } from "../records/notification.ts";
import { MAX_ALERTS, parseAlerts, type ReceivedAlerts } from "./alerts-request.ts";

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
  return async (req, res) => {
    const { received, truncated } = await read(req, res).catch((error: unknown) => {
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

  async function read(req: Request, res: Response): Promise<ReceivedAlerts> {
    checkContentType(req.headers);
    const place = admission.enter();
    res.once("close", place.leave);
    const options = { maxBytes: MAX_BODY_BYTES, seconds: BODY_SECONDS, place };
    return parseAlerts(await readBody(req, options));
  }
}
