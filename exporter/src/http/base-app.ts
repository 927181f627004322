import { createHash, timingSafeEqual } from "node:crypto";
import express, { type Express, type RequestHandler } from "express";
import { HeadroomError } from "../errors.ts";
import { isLoopback } from "../loopback.ts";

/** An app without routes. One path has one spelling, so that what is observed is exactly what is routed. */
export function plainApp(): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", false);
  app.enable("strict routing").enable("case sensitive routing");
  return app.use((_req, res, next) => {
    res.setHeader("X-Content-Type-Options", "nosniff");
    next();
  });
}

/** Lets pass the requests that carry one of the bearer tokens; comparing takes the same time for all. */
export function requireToken(...tokens: readonly string[]): RequestHandler {
  const expected = tokens.map(digest);
  return (req, _res, next) => {
    const given = /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? "")?.[1];
    const equal = expected.map((one) => given !== undefined && timingSafeEqual(digest(given), one));
    if (equal.includes(true)) return next();
    next(
      new HeadroomError(
        "unauthorized",
        `The bearer token is ${given === undefined ? "missing" : "not the right one"}; ` +
          "send the header Authorization: Bearer with the token that the server was given.",
      ),
    );
  };
}

// Digests have one length, which timingSafeEqual needs, and do not tell the token's.
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

// Docker Desktop gives containers this name for the machine that they run on; nobody can register it.
const LOCAL_NAMES = new Set(["localhost", "[::1]", "host.docker.internal"]);

/**
 * Lets pass the requests that call this machine by a local name. A web page can make its own name
 * point to 127.0.0.1 and then read answers as its own (DNS rebinding), but its name stays in the
 * Host header. A request without that header is not from a browser and passes.
 */
export const requireLocalName: RequestHandler = (req, _res, next) => {
  const name = req.headers.host?.replace(/:\d*$/, "").toLowerCase();
  if (!name || LOCAL_NAMES.has(name) || name.endsWith(".localhost") || isLoopback(name)) {
    return next();
  }
  next(
    new HeadroomError(
      "host_not_allowed",
      "The server listens on this machine only and does not answer to this host name; " +
        "use 127.0.0.1 or localhost, or have it listen on another address to serve other machines.",
    ),
  );
};

/** Refuses every method; stands after the handlers of those that a path answers. */
export function only(...allowed: string[]): RequestHandler {
  return (_req, _res, next) => {
    const detail = `This path answers only ${allowed.join(" and ")}; send the request with that method.`;
    next(new HeadroomError("method_not_allowed", detail, { members: { allowed } }));
  };
}

/**
 * {@link only} of POST, with a command that sends it: somebody may have opened the address in a browser.
 *
 * @param body - what the path takes
 */
export function onlyPost(body: unknown): RequestHandler {
  return (req, _res, next) => {
    // A shell must not find the end of the quotes in what somebody else has written.
    const address = `http://${req.headers.host ?? ""}${req.path}`.replaceAll("'", "%27");
    const json = JSON.stringify(body).replaceAll("'", String.raw`'\''`);
    const example = `curl -s '${address}' -H 'content-type: application/json' -d '${json}'`;
    const detail = "This path answers only POST; send the request with that method, as in example.";
    next(
      new HeadroomError("method_not_allowed", detail, { members: { allowed: ["POST"], example } }),
    );
  };
}

/** Serves a path that is only read. */
export function read<P>(app: Express, path: string, handler: RequestHandler<P>): void {
  app
    .route(path)
    .get(handler as RequestHandler)
    .all(only("GET", "HEAD"));
}

/**
 * Answers for every other path.
 *
 * @param allowed - the paths that there are
 * @param pattern - one more of them, with a name in it
 */
export function notFound(allowed: readonly string[], pattern: string): RequestHandler {
  return (_req, _res, next) =>
    next(
      new HeadroomError(
        "not_found",
        `Nothing is served at this path; there are ${allowed.join(", ")} and ${pattern}.`,
        { members: { allowed } },
      ),
    );
}
