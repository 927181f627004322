import { once } from "node:events";
import type { Server } from "node:http";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { RequestHandler, Response } from "express";
import { HeadroomError } from "../errors.ts";

/** How a stop went. */
export interface DrainResult {
  /** Requests that were cut off because they did not finish within the time. */
  readonly cutOff: number;
}

/** Time for the last answers to leave after the drain time, in milliseconds. */
const LAST_WORDS_MS = 250;
const RETRY_AFTER_SECONDS = 5;
/** A connection on which nothing came for so long after the stop began is closed, in milliseconds. */
const QUIET_MS = 500;
const LOOK_EVERY_MS = 10;

/**
 * Stops the server without losing requests: new ones are refused, those in flight may finish, and
 * then the sockets are ended. The server keeps listening while it waits, so that a load balancer
 * reads "not ready" instead of a refused connection.
 */
export class Drain {
  readonly #inFlight = new Set<Response>();
  /** Came after the stop began, and are refused. */
  readonly #late = new Set<Response>();
  readonly #cutOffListeners = new Set<(reason: HeadroomError) => void>();
  #stopping: Promise<DrainResult> | undefined;

  /** Whether {@link Drain.stop} was called. */
  get draining(): boolean {
    return this.#stopping !== undefined;
  }

  /** Requests that were there before the stop and are not answered yet. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Follows every response until it is closed. */
  readonly track: RequestHandler = (_req, res, next) => {
    const kind = this.draining ? this.#late : this.#inFlight;
    kind.add(res);
    res.once("close", () => kind.delete(res));
    // Then no late one follows on the connection, and a busy client cannot hold the stop up.
    if (this.draining) res.setHeader("Connection", "close");
    next();
  };

  /** Refuses requests that arrive after the stop began. */
  readonly refuse: RequestHandler = (_req, _res, next) => {
    next(this.draining ? shuttingDown("not started") : undefined);
  };

  /**
   * Calls `listener` when the drain time is over and its request must end.
   *
   * @returns a function that takes the listener off
   */
  onCutOff(listener: (reason: HeadroomError) => void): () => void {
    this.#cutOffListeners.add(listener);
    return () => this.#cutOffListeners.delete(listener);
  }

  /**
   * Drains and closes the server; later calls return the first one's promise.
   *
   * @param seconds - how long requests in flight may take to finish
   */
  stop(server: Server, seconds: number): Promise<DrainResult> {
    this.#stopping ??= this.#stop(server, seconds);
    return this.#stopping;
  }

  async #stop(server: Server, seconds: number): Promise<DrainResult> {
    const quietFrom = performance.now() + QUIET_MS;
    for (const res of this.#inFlight) {
      if (!res.headersSent) res.setHeader("Connection", "close");
    }
    await finished(this.#inFlight, seconds * 1000);
    const cutOff = this.#inFlight.size;
    if (cutOff > 0) {
      for (const listener of this.#cutOffListeners) listener(shuttingDown("stopped half way"));
      await finished(this.#inFlight, LAST_WORDS_MS);
    }
    // Who sends on a connection in the moment in which it is closed gets no answer. Those in use end
    // with their next answer, which says so; the others are quiet by then.
    const connections = promisify(server.getConnections.bind(server));
    while ((await connections()) > 0 && performance.now() < quietFrom) await sleep(LOOK_EVERY_MS);
    // A socket that is closed before its request was read is reset, so first all is read that came.
    await nextTurn();
    await nextTurn();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await finished(this.#late, LAST_WORDS_MS);
    server.closeAllConnections();
    await closed;
    return { cutOff };
  }
}

/** Waits until all of these are closed, or for `ms` milliseconds. */
async function finished(responses: ReadonlySet<Response>, ms: number): Promise<void> {
  const signal = AbortSignal.timeout(Math.ceil(ms));
  await Promise.allSettled([...responses].map((res) => once(res, "close", { signal })));
}

function shuttingDown(what: string): HeadroomError {
  return new HeadroomError(
    "draining",
    `The server is shutting down, so this request was ${what}. ` +
      "Send it to another instance, or again when this one is back.",
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}
