import type { Request, RequestHandler, Response } from "express";
import type { StatusScenario } from "@headroom/alerts/limits";
import type { Analyst } from "../../status/analyst.ts";
import type { StatusAnswer, StatusEvent, StrategyName } from "../../status/answer.ts";
import type { Admission } from "../admission.ts";
import { readBody } from "../body.ts";
import { cacheUse } from "../cache-control.ts";
import { whileWanted } from "../cancellation.ts";
import { checkContentType } from "../content-type.ts";
import type { Drain } from "../drain.ts";
import { openEventStream, type EventStream } from "../event-stream.ts";
import { endWithJson } from "../send.ts";
import { parseScenario, parseStatusBody, type StatusBody } from "../status-request.ts";

/** What the status route is made of. */
export interface StatusParts {
  readonly analyst: Analyst;
  readonly statusAdmission: Admission;
  readonly drain: Drain;
  /** A backstop: answers are due long before. */
  readonly requestTimeoutSeconds: number;
  /** How long the body may take to arrive. */
  readonly bodyTimeoutSeconds: number;
}

/** Its few fields need a hundred. */
const MAX_STATUS_BODY_BYTES = 64 * 1024;

/** What this route leaves in `res.locals` about a request. */
export interface StatusLocals {
  scenario?: StatusScenario;
  strategy?: StrategyName;
}

/** `POST /v1/status/{scenario}`: how the machine is, as JSON or as server-sent events. */
export function status(parts: StatusParts): RequestHandler<{ scenario: string }> {
  return async (req, res) => {
    const acceptedAt = performance.now();
    const locals = res.locals as StatusLocals;
    const scenario = (locals.scenario = parseScenario(req.params.scenario));
    const body = await readStatusBody(parts, req, res);
    locals.strategy = body.strategy;
    const cache = cacheUse(req.headers["cache-control"]);
    const analyse = (onEvent?: (event: StatusEvent) => void): Promise<StatusAnswer> =>
      whileWanted(res, parts.drain, parts.requestTimeoutSeconds, (signal) =>
        parts.analyst.analyse(
          { ...body, scenario },
          { acceptedAt, cache, signal, ...(onEvent && { onEvent }) },
        ),
      );
    if (!body.stream) {
      const answer = await analyse();
      if (!res.destroyed) endWithJson(res, 200, answer);
      return;
    }
    const stream = openEventStream(res);
    stream.send("done", await analyse((event) => sendEvent(stream, event)));
    stream.end();
  };
}

async function readStatusBody(
  parts: StatusParts,
  req: Request,
  res: Response,
): Promise<StatusBody> {
  checkContentType(req.headers);
  const place = parts.statusAdmission.enter();
  res.once("close", place.leave);
  const options = { maxBytes: MAX_STATUS_BODY_BYTES, seconds: parts.bodyTimeoutSeconds, place };
  return parseStatusBody(await readBody(req, options));
}

function sendEvent(stream: EventStream, event: StatusEvent): void {
  if (event.type === "findings") return stream.send("findings", event.statement);
  const { type, ...data } = event;
  stream.send(type, data);
}
