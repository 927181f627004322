import { STATUS_CODES } from "node:http";
import type { ErrorRequestHandler, RequestHandler } from "express";

/** Something that the preview cannot answer, with what is sent for it. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;

  /**
   * @param status the HTTP status
   * @param code a stable name for programs
   * @param detail what happened and what to do, for people
   */
  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** For every path that nothing else has answered. */
export const notFound: RequestHandler = (req) => {
  throw new Problem(404, "not_found", `Nothing is served at ${req.path}.`);
};

/** Answers with problem+json (RFC 9457) for whatever a route threw. */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- Express counts the parameters
export const problemHandler: ErrorRequestHandler = (thrown: unknown, _req, res, _next) => {
  // Once an answer has begun, a failure can only cut it off.
  if (res.headersSent || res.destroyed) return void res.destroy();
  const { status, code, message: detail } = asProblem(thrown);
  const title = STATUS_CODES[status];
  const body = { type: `/problems/${code}`, title, status, code, detail };
  res.status(status).type("application/problem+json").send(JSON.stringify(body));
};

function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  // Express and its parsers mark what they refuse.
  const { status, message } = (thrown ?? {}) as { status?: unknown; message?: unknown };
  if (typeof status === "number" && status >= 400 && status < 500) {
    return new Problem(
      status,
      "refused",
      "The request could not be read, or there is no such file.",
    );
  }
  return new Problem(500, "internal_error", `The preview failed: ${String(message ?? thrown)}`);
}
