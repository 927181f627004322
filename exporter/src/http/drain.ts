import type { Server } from "node:http";
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

/**
 * Stops the server without losing requests: new ones are refused, those in flight may finish, and
 * then the sockets are ended. The server keeps listening while it waits, so that a load balancer
 * reads "not ready" instead of a refused connection.
 */
export class Drain {
  readonly #inFlight = new Set<Response>();
  readonly #cutOffListeners = new Set<(reason: HeadroomError) => void>();
  #stopping: Promise<DrainResult> | undefined;

  /** Whether {@link stop} was called. */
  get draining(): boolean {
    return this.#stopping !== undefined;
  }

  /** Requests that were there before the stop and are not answered yet. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Follows every response until it is closed. */
  readonly track: RequestHandler = (_req, res, next) => {
    if (this.draining) {
      // Late requests are answered but not waited for, or a busy client could hold the stop up.
      res.setHeader("Connection", "close");
    } else {
      this.#inFlight.add(res);
      res.once("close", () => this.#inFlight.delete(res));
    }
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
    for (const res of this.#inFlight) {
      if (!res.headersSent) res.setHeader("Connection", "close");
    }
    await this.#finished(seconds * 1000);
    const cutOff = this.#inFlight.size;
    if (cutOff > 0) {
      for (const listener of this.#cutOffListeners) listener(shuttingDown("stopped half way"));
      await this.#finished(LAST_WORDS_MS);
    }
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return { cutOff };
  }

  /** Waits until nothing is in flight, or for `ms` milliseconds. */
  async #finished(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    const closed = [...this.#inFlight].map(
      (res) => new Promise<void>((resolve) => res.once("close", () => resolve())),
    );
    await Promise.race([timeUp, Promise.all(closed)]);
    clearTimeout(timer);
  }
}

function shuttingDown(what: string): HeadroomError {
  return new HeadroomError(
    "draining",
    `The server is shutting down, so this request was ${what}. ` +
      "Send it to another instance, or again when this one is back.",
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}
