import { randomBytes } from "node:crypto";
import type { RequestHandler, Response } from "express";
import helmet from "helmet";

const nonceOf = (res: object) => (res as Response).locals["nonce"] as string;

/** A new nonce for each answer, in `res.locals.nonce`. */
export const makeNonce: RequestHandler = (_req, res, next) => {
  res.locals["nonce"] = randomBytes(16).toString("base64");
  next();
};

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
