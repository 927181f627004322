import type { RequestHandler, Response } from "express";
import { OUTCOME_MEANS, type Outcome } from "@headroom/alerts/limits";
import { PROBLEMS, type ProblemCode } from "../errors.ts";
import type { AttributionMethod } from "../sentiment/result.ts";

/**
 * How a request ended, the `outcome` label of `sentiment_requests_total`; OUTCOME_MEANS in
 * alerts/limits.ts says which of them count as errors:
 *
 * - `ok`: answered.
 * - `client_error`: the request was wrong (4xx), or its body arrived too slowly (408).
 * - `server_error`: the exporter or the model failed (5xx other than the two below).
 * - `refused`: not taken on because of overload or shutdown (503).
 * - `aborted`: the connection ended before the last byte of the answer was sent, whatever the
 *   answer would have been.
 * - `deadline`: the answer took longer than the configured time (504).
 */
export const OUTCOMES = Object.keys(OUTCOME_MEANS) as Outcome[];

/** What is known about every request that has ended. */
export interface Ended {
  readonly outcome: Outcome;
  /** From the arrival of the request's headers to the last byte of its answer. */
  readonly seconds: number;
  /** Of the caller's trace, when the request belongs to one. */
  readonly traceId: string | undefined;
}

/** Is told about every request to `/v1/sentiment`, once. */
export interface RequestObserver {
  /** `unknown` when the request ended before the method was read. */
  finished(request: Ended & { readonly attribution: AttributionMethod | "unknown" }): void;
}

/**
 * Tells of each request that passes through, with what its handlers left in `res.locals`, when its
 * connection has taken the last byte of the answer or is gone. It stands before every check, so that
 * refused and bad requests are seen too.
 */
export function observeRequests<Locals extends object>(
  finished: (ended: Ended, locals: Locals) => void,
): RequestHandler {
  return (req, res, next) => {
    const traceId = traceIdOf(req.get("traceparent"));
    const start = performance.now();
    // "close" is the one event that every response ends with, finished or not.
    res.once("close", () => {
      const seconds = (performance.now() - start) / 1000;
      finished({ outcome: outcomeOf(res), seconds, traceId }, res.locals as Locals);
    });
    next();
  };
}

/** The trace of a `traceparent` header (W3C Trace Context, section 3.2); all zeros is no trace. */
function traceIdOf(header: string | undefined): string | undefined {
  return /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(header ?? "")?.[1];
}

function outcomeOf(res: Response): Outcome {
  if (!res.writableFinished) return "aborted";
  const { problem } = res.locals as { problem?: ProblemCode };
  return problem === undefined ? "ok" : outcomeOfProblem(problem);
}

/** How a request ended that was answered with a problem, or was cut off because of one. */
export function outcomeOfProblem(problem: ProblemCode): Outcome {
  if (problem === "overloaded" || problem === "draining" || problem === "model_unavailable") {
    return "refused";
  }
  if (problem === "deadline_exceeded") return "deadline";
  return PROBLEMS[problem].status >= 500 ? "server_error" : "client_error";
}
