import type { Response } from "express";

/**
 * Ends a response with a text in one write. Express's own `send` would hash the body for an ETag,
 * which costs more than the rest of sending when an answer holds 128 messages.
 */
export function endWith(res: Response, status: number, contentType: string, body: string): void {
  res.status(status);
  res.setHeader("Content-Type", contentType);
  res.setHeader("Content-Length", Buffer.byteLength(body));
  res.end(body);
}

/** Ends a response with a value as JSON. */
export function endWithJson(res: Response, status: number, value: unknown): void {
  endWith(res, status, "application/json", JSON.stringify(value));
}
