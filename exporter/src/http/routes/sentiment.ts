import type { RequestHandler } from "express";
import type { Analyser } from "../../sentiment/analyser.ts";
import { mapFairly } from "../../fairly.ts";
import type { Admission } from "../admission.ts";
import { readBody } from "../body.ts";
import { cacheUse } from "../cache-control.ts";
import { whileWanted } from "../cancellation.ts";
import { checkContentType } from "../content-type.ts";
import type { Drain } from "../drain.ts";
import type { RequestLocals } from "../outcome.ts";
import { answerOf } from "../sentiment-answer.ts";
import { endLargeWith } from "../send.ts";
import { MAX_BODY_BYTES, parseSentimentRequest } from "../sentiment-request.ts";

/** What the sentiment route is made of. */
export interface SentimentParts {
  readonly analyser: Analyser;
  readonly admission: Admission;
  readonly drain: Drain;
  /** How long the analysis may take once the request is read. */
  readonly requestTimeoutSeconds: number;
  /** How long the body may take to arrive. */
  readonly bodyTimeoutSeconds: number;
}

/** `POST /v1/sentiment`: reads, checks and admits a request, and answers with its results. */
export function sentiment(parts: SentimentParts): RequestHandler {
  return async (req, res) => {
    checkContentType(req.headers);
    const place = parts.admission.enter();
    res.once("close", place.leave);
    const body = await readBody(req, {
      maxBytes: MAX_BODY_BYTES,
      seconds: parts.bodyTimeoutSeconds,
      place,
    });
    const request = parseSentimentRequest(body);
    (res.locals as RequestLocals).attribution = request.attribution;
    const options = {
      attribution: request.attribution,
      cache: cacheUse(req.headers["cache-control"]),
    } as const;
    const seconds = parts.requestTimeoutSeconds;
    const results = await whileWanted(res, parts.drain, seconds, async (signal) => {
      // The messages count until the analyser is done with them, even when nobody waits any more.
      const free = place.addMessages(request.messages.length);
      try {
        return await parts.analyser.analyse(request.messages, { ...options, signal });
      } finally {
        free();
      }
    });
    if (res.destroyed) return;
    const { model, simulated } = parts.analyser;
    const { attribution, messages, words } = request;
    const head = JSON.stringify({ model, simulated, attribution });
    const answers = await mapFairly(results, (result, i) =>
      JSON.stringify(answerOf(result, words ? messages[i] : undefined)),
    );
    if (res.destroyed) return;
    endLargeWith(res, `${head.slice(0, -1)},"results":[${answers.join(",")}]}`, place);
  };
}
