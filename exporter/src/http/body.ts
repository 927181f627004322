import type { IncomingMessage } from "node:http";
import { HeadroomError } from "../errors.ts";
import type { Place } from "./admission.ts";
import { ClientGone } from "./cancellation.ts";

/** How a body is read. */
export interface BodyOptions {
  /** The most bytes that it may have. */
  readonly maxBytes: number;
  /** How long the body may take to arrive. */
  readonly seconds: number;
  /** The request's, in which the bytes count. */
  readonly place: Place;
}

/**
 * Reads a request's body as bytes. When it fails, the rest of the body is let through unread, so
 * that the answer can be sent at once while the client still writes.
 *
 * @throws HeadroomError `body_too_large`, `request_timeout` or `overloaded`; ClientGone when the upload
 * breaks off
 */
export function readBody(req: IncomingMessage, options: BodyOptions): Promise<Buffer> {
  const { maxBytes, seconds, place } = options;
  if (Number(req.headers["content-length"] ?? 0) > maxBytes) {
    return Promise.reject(tooLarge(maxBytes));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (): void => {
      clearTimeout(timer);
      place.onEvict = undefined;
      req.off("data", onData).off("end", onEnd).off("close", onClose);
      req.resume();
    };
    const fail = (error: unknown): void => {
      stop();
      reject(error as Error);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) return fail(tooLarge(maxBytes));
      try {
        place.addBytes(chunk.length);
      } catch (error) {
        return fail(error);
      }
      chunks.push(chunk);
    };
    const onEnd = (): void => {
      stop();
      place.received();
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
    };
    const onClose = (): void => fail(new ClientGone());
    const timer = setTimeout(() => fail(tooSlow(seconds)), seconds * 1000);
    place.onEvict = fail;
    req.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}

function tooLarge(limit: number): HeadroomError {
  return new HeadroomError(
    "body_too_large",
    `A body may have at most ${limit} bytes; send it in several requests.`,
    { members: { limit, unit: "bytes" } },
  );
}

function tooSlow(seconds: number): HeadroomError {
  return new HeadroomError(
    "request_timeout",
    `The body did not arrive within ${seconds} s, so the connection is closed. ` +
      "Check the connection and the Content-Length, and send the request again.",
    { members: { limit: seconds, unit: "seconds" } },
  );
}
