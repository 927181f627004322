import type { ErrorRequestHandler, Request, Response } from "express";
import { z } from "zod";
import { escapeHtml } from "@headroom/alerts/markdown";
import { HeadroomError, PROBLEMS, type ProblemCode } from "../errors.ts";
import type { TypeOf } from "../type-of.ts";
import { endWith } from "./answer.ts";
import { commandLines, PAGE_POLICY, webPage } from "./web-page.ts";

/** The part of a pino logger that the HTTP layer writes to. Fields never hold the text of a message. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The media type of RFC 9457. */
export const PROBLEM_TYPE = "application/problem+json";

/** What is sent for an error: RFC 9457 members, the stable `code`, and the error's own members. */
export const PROBLEM = z
  .looseObject({
    type: z.string().describe("`/problems/` and the code."),
    title: z.string().describe("What is wrong, the same for each code."),
    status: z.int(),
    code: z.enum(Object.keys(PROBLEMS) as ProblemCode[]).describe("Stable, for programs."),
    detail: z.string().describe("What happened, and what to do next."),
  })
  .meta({ id: "Problem" });

/** The body of a problem. */
export function problemBody(error: HeadroomError): TypeOf<typeof PROBLEM> {
  return {
    ...error.members,
    type: `/problems/${error.code}`,
    ...PROBLEMS[error.code],
    code: error.code,
    detail: error.message,
  };
}

/**
 * The same as clients of OpenAI's API read it, beside the members of RFC 9457
 * (https://platform.openai.com/docs/guides/error-codes).
 */
function asOpenAi({ code, members, message }: HeadroomError) {
  const { status } = PROBLEMS[code];
  const type =
    status === 401
      ? "authentication_error"
      : status < 500
        ? "invalid_request_error"
        : "server_error";
  return { error: { message, type, param: members["param"] ?? members["field"] ?? null, code } };
}

/** Headers that belong to a problem because HTTP asks for them or because they tell what to do. */
function problemHeaders({ code, members, retryAfterSeconds }: HeadroomError) {
  const headers: Record<string, string> = {};
  // Every 503 says when to come back.
  const retryAfter = retryAfterSeconds ?? (PROBLEMS[code].status === 503 ? 1 : undefined);
  if (retryAfter !== undefined) headers["Retry-After"] = String(Math.ceil(retryAfter));
  switch (code) {
    case "method_not_allowed":
      headers["Allow"] = (members["allowed"] as readonly string[]).join(", ");
      break;
    case "unauthorized":
      headers["WWW-Authenticate"] = 'Bearer realm="headroom"';
      break;
    case "unsupported_media_type":
    case "unsupported_charset":
      headers["Accept-Post"] = "application/json";
      break;
    case "unsupported_encoding":
      headers["Accept-Encoding"] = "identity";
      break;
    // Both end the connection: the rest of the request is not wanted, or there will be no server.
    case "request_timeout":
    case "draining":
      headers["Connection"] = "close";
  }
  return headers;
}

/**
 * Answers with a problem, or ends the connection when an answer has already begun. The code is
 * kept in `res.locals.problem`, where the request's outcome is read from.
 */
function sendProblem(req: Request, res: Response, error: HeadroomError): void {
  if (res.destroyed) return;
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const locals = res.locals as { problem?: ProblemCode; openAi?: true };
  locals.problem = error.code;
  res.set(problemHeaders(error));
  const { status } = PROBLEMS[error.code];
  res.vary("Accept");
  // Somebody has opened an address in a browser; programs that take anything get JSON.
  if (req.accepts([PROBLEM_TYPE, "application/json", "text/html"]) === "text/html") {
    res.setHeader("Content-Security-Policy", PAGE_POLICY);
    return endWith(res, status, "text/html; charset=utf-8", problemPage(error));
  }
  const body = { ...problemBody(error), ...(locals.openAi && asOpenAi(error)) };
  endWith(res, status, PROBLEM_TYPE, JSON.stringify(body));
}

/** The same for people, with the command that would have been answered where there is one. */
function problemPage({ code, message, members: { example } }: HeadroomError): string {
  const { title } = PROBLEMS[code];
  const command = typeof example === "string" ? commandLines([{ text: example }]) : "";
  return webPage({
    title: `${title} - Headroom`,
    main: `<h1>${escapeHtml(title)}</h1>\n<p>${escapeHtml(message)}</p>\n${command}`,
  });
}

/**
 * The last handler: turns whatever a route threw into a problem. Errors that are not ours are
 * logged and answered without details.
 */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- Express counts the parameters
  return (thrown: unknown, req, res, _next) => {
    // Nobody is left to read an answer, and what was thrown is only the echo of that.
    if (res.destroyed) return;
    sendProblem(req, res, asHeadroomError(thrown, req, logger));
  };
}

function asHeadroomError(thrown: unknown, req: Request, logger: Logger): HeadroomError {
  if (thrown instanceof HeadroomError) {
    if (PROBLEMS[thrown.code].status === 500) log(thrown, req, logger);
    return thrown;
  }
  // Express marks what it refuses by itself, such as a path that is not percent-encoded.
  const status = (thrown as { status?: unknown } | undefined)?.status;
  if (typeof status === "number" && status >= 400 && status < 500) {
    return new HeadroomError(
      "malformed_http",
      "The path or the headers could not be read; check the percent-encoding of the URL.",
    );
  }
  log(thrown, req, logger);
  return new HeadroomError(
    "internal_error",
    "The server failed while it answered; this is a defect or a broken part, not the request. " +
      "Its log says more; try again, and report it if it stays.",
  );
}

function log(thrown: unknown, req: Request, logger: Logger): void {
  const { name, message, stack, cause } =
    thrown instanceof Error ? thrown : new Error(typeof thrown);
  logger.error(
    {
      method: req.method,
      path: req.path,
      err: { type: name, message, stack, cause: cause instanceof Error ? cause.stack : undefined },
    },
    "a request failed",
  );
}
