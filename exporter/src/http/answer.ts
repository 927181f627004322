import type { Response } from "express";
import type { Place } from "./admission.ts";

/** An answer up to this size is given to the connection at once. */
const AT_ONCE_BYTES = 256 * 1024;
const PIECE_BYTES = 64 * 1024;

/**
 * Ends a response with a text in one write. Express's own `send` would hash the body for an ETag,
 * which costs more than the rest of sending when an answer holds 128 messages.
 */
export function endWith(res: Response, status: number, contentType: string, body: string): void {
  startWith(res, status, contentType, Buffer.byteLength(body));
  res.end(body);
}

/** Ends a response with a value as JSON. */
export function endWithJson(res: Response, status: number, value: unknown): void {
  endWith(res, status, "application/json", JSON.stringify(value));
}

/**
 * Ends a response with JSON that may be large: as fast as its client takes it, and in the request's place,
 * so that a client that does not read can lose it to others.
 */
export function endLargeWith(res: Response, json: string, place: Place): void {
  place.addAnswer(Buffer.byteLength(json));
  place.onEvict = () => res.destroy();
  if (json.length <= AT_ONCE_BYTES) return endWith(res, 200, "application/json", json);
  const body = Buffer.from(json);
  startWith(res, 200, "application/json", body.length);
  let sent = 0;
  const send = (): void => {
    while (sent < body.length) {
      const piece = body.subarray(sent, sent + PIECE_BYTES);
      sent += piece.length;
      const goesOn = res.write(piece);
      place.taken(piece.length);
      if (!goesOn) return void res.once("drain", send);
    }
    res.end();
  };
  send();
}

function startWith(res: Response, status: number, contentType: string, bytes: number): void {
  res.status(status);
  res.setHeader("Content-Type", contentType);
  res.setHeader("Content-Length", bytes);
}

/** Turns a response into a stream of server-sent events; its status is 200 from now on. */
export function startEvents(res: Response): void {
  res.status(200);
  res.setHeader("Content-Type", "text/event-stream; charset=utf-8");
  res.setHeader("Cache-Control", "no-store");
  // Proxies such as nginx would collect the events otherwise.
  res.setHeader("X-Accel-Buffering", "no");
  res.flushHeaders();
}

/**
 * Sends one event with a JSON value (HTML Living Standard, section 9.2); nothing when the client has
 * gone.
 */
export function sendEvent(res: Response, event: string, value: unknown): void {
  // JSON has no line breaks outside strings, and escapes those inside.
  if (!res.destroyed) res.write(`event: ${event}\ndata: ${JSON.stringify(value)}\n\n`);
}
