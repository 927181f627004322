import type { IncomingMessage } from "node:http";
import { HeadroomError } from "../errors.ts";
import { ClientGone } from "./cancellation.ts";

/** The largest body of a request, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** How a body is read. */
export interface BodyOptions {
  /** How long the body may take to arrive. */
  readonly seconds: number;
  /** Is told of each chunk; what it throws ends the reading. */
  readonly onChunk: (bytes: number) => void;
}

/**
 * Reads a request's body as bytes. When it fails, the rest of the body is let through unread, so
 * that the answer can be sent at once while the client still writes.
 *
 * @throws HeadroomError `body_too_large` or `request_timeout`; ClientGone when the upload breaks off
 */
export function readBody(req: IncomingMessage, options: BodyOptions): Promise<Buffer> {
  if (Number(req.headers["content-length"] ?? 0) > MAX_BODY_BYTES)
    return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (): void => {
      clearTimeout(timer);
      req.off("data", onData).off("end", onEnd).off("close", onClose);
      req.resume();
    };
    const fail = (error: unknown): void => {
      stop();
      reject(error as Error);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) return fail(tooLarge());
      try {
        options.onChunk(chunk.length);
      } catch (error) {
        return fail(error);
      }
      chunks.push(chunk);
    };
    const onEnd = (): void => {
      stop();
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
    };
    const onClose = (): void => fail(new ClientGone());
    const timer = setTimeout(() => fail(tooSlow(options.seconds)), options.seconds * 1000);
    req.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}

function tooLarge(): HeadroomError {
  return new HeadroomError(
    "body_too_large",
    `A body may have at most ${MAX_BODY_BYTES} bytes; send the messages in several requests.`,
    { members: { limit: MAX_BODY_BYTES, unit: "bytes" } },
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
