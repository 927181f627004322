import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Response } from "express";
import type { Place } from "../../http/admission.ts";
import { answerHeaders } from "./headers.ts";

/** Where an answer leaves. */
export interface Receiver {
  readonly res: Response;
  readonly place: Place;
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
}

/** The way of a model server's answer to the client, who may be slower, and who may have to wait for its head. */
export class Outlet {
  readonly #incoming: IncomingMessage;
  readonly #to: Receiver;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(incoming: IncomingMessage, to: Receiver) {
    this.#incoming = incoming;
    this.#to = to;
  }

  /** Keeps bytes, in the request's place, until the answer begins. @returns how many are kept now */
  hold(bytes: Buffer): number {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    this.#to.place.addAnswer(bytes.length);
    return this.#heldBytes;
  }

  /** All that is kept, in one piece. */
  get held(): Buffer {
    return Buffer.concat(this.#held, this.#heldBytes);
  }

  /** Writes bytes after those that were kept; the first time after the head. */
  write(bytes?: Buffer): void {
    const { res, place } = this.#to;
    if (!res.headersSent) {
      const headers = answerHeaders(this.#incoming);
      const { statusCode } = this.#incoming;
      // Who is refused is told when to come back.
      const isSilent = statusCode === 429 && this.#incoming.headers["retry-after"] === undefined;
      res.writeHead(statusCode!, isSilent ? [...headers, "Retry-After", "1"] : headers);
      const held = this.#held;
      if (held.length > 0) res.write(this.held);
      place.taken(this.#heldBytes);
      place.received();
      this.#held = [];
      this.#heldBytes = 0;
    }
    if (bytes) res.write(bytes);
  }

  /**
   * Waits for a client that is slower than the model server.
   *
   * @throws Error when it goes away
   */
  async drained(): Promise<void> {
    if (this.#to.res.writableNeedDrain) await this.#taken("drain");
  }

  /** @throws Error when the client goes away before it has the last byte */
  async end(): Promise<void> {
    this.write();
    this.#to.res.end();
    await this.#taken("finish");
  }

  /** Meanwhile the client can lose its place to others, who do read their answers. */
  async #taken(event: "drain" | "finish"): Promise<void> {
    const { res, place, signal } = this.#to;
    const waiting = res.writableLength;
    place.addAnswer(waiting);
    place.onEvict = () => res.destroy();
    await once(res, event, { signal });
    place.onEvict = undefined;
    place.taken(waiting);
    place.received();
  }
}
