import { randomBytes } from "node:crypto";
import type { RequestHandler, Response } from "express";
import helmet from "helmet";
import { Problem } from "./problem.ts";

/** Names that always mean this machine. */
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Lets pass requests that call this machine by a loopback name. A web page can point its own name to
 * 127.0.0.1 and then read answers as its own (DNS rebinding), but its name stays in the header.
 */
export const requireLoopbackHost: RequestHandler = (req, _res, next) => {
  const name = req.headers.host?.replace(/:\d*$/, "") ?? "";
  if (LOOPBACK.test(name)) return next();
  next(
    new Problem(403, "host_not_allowed", "The preview answers to 127.0.0.1 and localhost only."),
  );
};

/** A new nonce for each answer, in `res.locals.nonce`. */
export const makeNonce: RequestHandler = (_req, res, next) => {
  res.locals["nonce"] = randomBytes(16).toString("base64");
  next();
};

const nonceOf = (res: object) => (res as Response).locals["nonce"] as string;

/**
 * Security headers. Everything that a page loads comes from this server, so nothing leaves the
 * machine; the style elements that emotion makes carry the answer's nonce.
 */
export const securityHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      "default-src": ["'none'"],
      "script-src": ["'self'"],
      "connect-src": ["'self'"],
      "img-src": ["'self'", "data:"],
      "font-src": ["'self'"],
      "style-src": ["'self'", (_req, res) => `'nonce-${nonceOf(res)}'`],
      "frame-ancestors": ["'none'"],
      "base-uri": ["'none'"],
      "form-action": ["'none'"],
    },
  },
  // The preview is served over plain HTTP on this machine.
  strictTransportSecurity: false,
  referrerPolicy: { policy: "no-referrer" },
});

/** Answers with the page that runs the bundle `/page/<entry>.js`. */
export function htmlPage(entry: "dashboard" | "stage", title: string): RequestHandler {
  return (_req, res) => {
    res.set("Cache-Control", "no-store").type("html").send(`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta property="csp-nonce" nonce="${nonceOf(res)}" />
    <title>${title}</title>
    <link rel="icon" href="/public/plugins/headroom-limits-panel/img/logo.svg" />
    <link rel="stylesheet" href="/page/${entry}.css" />
    <script type="module" src="/page/${entry}.js"></script>
  </head>
  <body>
    <div id="root"></div>
  </body>
</html>
`);
  };
}
