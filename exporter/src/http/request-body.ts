import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { MIMEType } from "node:util";
import type { Request, Response } from "express";
import { HeadroomError } from "../errors.ts";
import type { Admission, Place } from "./admission.ts";

/** The reason of an abort when the client went away; nobody is left to be told. */
export class ClientGone extends Error {
  constructor() {
    super("the client closed the connection");
    this.name = "ClientGone";
  }
}

/** How large a body may be, and how long it may take to arrive. */
export interface BodyBounds {
  readonly maxBytes: number;
  readonly seconds: number;
}

/** Whether a request's `Cache-Control` leaves the cache out (RFC 9111, section 5.2.1.5). */
export function cacheUse(req: Request): "use" | "no-store" {
  const directives = req.headers["cache-control"] ?? "";
  return /(?:^|,)\s*no-store\s*(?:,|$)/i.test(directives) ? "no-store" : "use";
}

/**
 * Takes a place for a request and reads its JSON body as bytes. The place is left when the
 * connection is done with the answer.
 *
 * @throws HeadroomError when the headers announce something else, nothing more is taken on, or the
 * body is too large or too slow; ClientGone when the upload breaks off
 */
export async function receiveBody(
  req: Request,
  res: Response,
  admission: Admission,
  bounds: BodyBounds,
): Promise<{ readonly body: Buffer; readonly place: Place }> {
  checkContentType(req.headers);
  const place = admission.enter();
  res.once("close", place.leave);
  return { body: await readBody(req, place, bounds), place };
}

/**
 * Insisting on the media type also keeps web pages of other origins out: a browser asks before it
 * sends this type.
 */
function checkContentType(headers: IncomingHttpHeaders): void {
  const type = parseType(headers["content-type"]);
  if (type?.essence !== "application/json") {
    throw new HeadroomError(
      "unsupported_media_type",
      `The Content-Type is ${type ? "another one" : "missing or malformed"}; ` +
        "send JSON with Content-Type: application/json.",
      { members: { allowed: ["application/json"] } },
    );
  }
  const charset = type.params.get("charset");
  if (charset !== null && !/^utf-?8$/i.test(charset)) {
    throw new HeadroomError(
      "unsupported_charset",
      "The Content-Type names a charset other than utf-8; encode the body as UTF-8.",
      { members: { allowed: ["utf-8"] } },
    );
  }
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding !== "identity" && encoding !== "") {
    throw new HeadroomError(
      "unsupported_encoding",
      "The body has a Content-Encoding, and compressed bodies are not read; send it as it is.",
      { members: { allowed: ["identity"] } },
    );
  }
}

function parseType(contentType: string | undefined): MIMEType | undefined {
  try {
    return contentType === undefined ? undefined : new MIMEType(contentType);
  } catch {
    return undefined;
  }
}

/** When it fails, the rest is let through unread, so that a client that still writes gets its answer. */
function readBody(
  req: IncomingMessage,
  place: Place,
  { maxBytes, seconds }: BodyBounds,
): Promise<Buffer> {
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
