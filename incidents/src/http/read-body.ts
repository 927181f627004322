import type { IncomingMessage } from "node:http";
import { HeadroomError } from "../../../exporter/src/errors.ts";
import { ClientGone } from "../../../exporter/src/http/cancellation.ts";
import { MAX_ALERTS } from "./alerts-request.ts";

/** As many alerts as are taken, each with far longer texts than an incident keeps; in bytes. */
export const MAX_BODY_BYTES = MAX_ALERTS * 32 * 1024;

/** How long a notification may take to arrive. */
export const BODY_SECONDS = 10;

/** Bytes of notifications that are held while they arrive, all together. */
const MAX_HELD_BYTES = 2 * MAX_BODY_BYTES;

/** One body that is still arriving. */
interface Arriving {
  bytes: number;
  fail(error: Error): void;
}

/**
 * Reads bodies. Whoever begins to send and does not end holds nobody else up: when all that is arriving
 * together becomes too much, the one that has taken longest gives way.
 */
export class BodyReader {
  /** Oldest first. */
  readonly #arriving = new Set<Arriving>();

  /**
   * The body as bytes. When it fails, the rest is let through unread, so that the answer can be sent
   * while the client still writes.
   *
   * @throws HeadroomError `body_too_large`, `request_timeout` or `overloaded`; ClientGone when the
   * upload breaks off
   */
  async read(req: IncomingMessage): Promise<Buffer> {
    if (Number(req.headers["content-length"] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
    const chunks: Buffer[] = [];
    const own: Arriving = { bytes: 0, fail: () => {} };
    this.#arriving.add(own);
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        own.fail = reject;
        timer = setTimeout(() => reject(tooSlow()), BODY_SECONDS * 1000);
        req.on("data", (chunk: Buffer) => {
          // A reading that has failed lets the rest go by.
          if (!this.#arriving.has(own)) return;
          own.bytes += chunk.length;
          if (own.bytes > MAX_BODY_BYTES) return reject(tooLarge());
          chunks.push(chunk);
          this.#makeRoom();
        });
        req.once("end", resolve).once("close", () => reject(new ClientGone()));
      });
      return Buffer.concat(chunks, own.bytes);
    } finally {
      clearTimeout(timer);
      this.#arriving.delete(own);
    }
  }

  #makeRoom(): void {
    let held = 0;
    for (const { bytes } of this.#arriving) held += bytes;
    for (const oldest of this.#arriving) {
      if (held <= MAX_HELD_BYTES) return;
      held -= oldest.bytes;
      this.#arriving.delete(oldest);
      oldest.fail(gaveWay());
    }
  }
}

function tooLarge(): HeadroomError {
  return new HeadroomError(
    "body_too_large",
    `A notification may have at most ${MAX_BODY_BYTES} bytes, and none of its alerts was recorded. ` +
      "Shorten the alerts' annotations, or set the webhook's max_alerts lower.",
    { members: { limit: MAX_BODY_BYTES, unit: "bytes" } },
  );
}

function tooSlow(): HeadroomError {
  return new HeadroomError(
    "request_timeout",
    `The body did not arrive within ${BODY_SECONDS} s, so the connection is closed. ` +
      "Check the connection and the Content-Length, and send the request again.",
    { members: { limit: BODY_SECONDS, unit: "seconds" } },
  );
}

function gaveWay(): HeadroomError {
  return new HeadroomError(
    "overloaded",
    `More than ${MAX_HELD_BYTES} bytes of notifications arrive at once, and this one has taken ` +
      "longest, so it gave way. Send it again.",
    { members: { limit: MAX_HELD_BYTES, unit: "bytes" } },
  );
}
