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

/** Titles by status; the detail says the rest. */
const TITLES: Readonly<Record<number, string>> = {
  400: "Bad request",
  403: "Host not allowed",
  404: "Not found",
  405: "Method not allowed",
  413: "Query too large",
  500: "Internal error",
  502: "Prometheus does not answer",
  504: "Prometheus took too long",
};

/** For every path that nothing else has answered. */
export const notFound: RequestHandler = (req) => {
  throw new Problem(404, "not_found", `Nothing is served at ${req.path}.`);
};

/** Answers with problem+json (RFC 9457) for whatever a route threw. */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- Express counts the parameters
export const problemHandler: ErrorRequestHandler = (thrown: unknown, _req, res, _next) => {
  if (res.destroyed) return;
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const { status, code, message } = asProblem(thrown);
  res
    .status(status)
    .type("application/problem+json")
    .send(
      JSON.stringify({
        type: `/problems/${code}`,
        title: TITLES[status],
        status,
        code,
        detail: message,
      }),
    );
};

function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  // Express and body-parser mark what they refuse.
  const { status, message } = (thrown ?? {}) as { status?: unknown; message?: unknown };
  if (status === 404) return new Problem(404, "not_found", "There is no such file.");
  if (status === 413) return new Problem(413, "too_large", "The query is too large.");
  if (typeof status === "number" && status >= 400 && status < 500) {
    return new Problem(400, "malformed", "The request could not be read.");
  }
  return new Problem(500, "internal_error", `The preview failed: ${String(message ?? thrown)}`);
}
