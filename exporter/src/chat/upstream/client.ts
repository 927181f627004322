import { Agent, request as requestPlain, type IncomingMessage } from "node:http";
import { Agent as SecureAgent, request as requestSecure } from "node:https";
import type { Socket } from "node:net";
import { HeadroomError } from "../../errors.ts";
import type { UpstreamError } from "../../metrics/chat.ts";
import type { HeaderList } from "./headers.ts";

/** Kept open for the next request; more are closed when they have nothing to do. */
const IDLE_CONNECTIONS = 256;

/**
 * A kept connection that ends so soon after a request was written to it was closed by a server that had not
 * seen the request; later the request itself may have been the reason.
 */
const STALE_WITHIN_MS = 1000;

/** The model server did not answer as it should. */
export class UpstreamProblem extends HeadroomError {
  readonly reason: UpstreamError;

  constructor(reason: UpstreamError, detail: string, cause?: unknown) {
    const code = reason === "unreachable" ? "upstream_unreachable" : "upstream_failed";
    super(code, detail, { cause, members: { reason } });
    this.reason = reason;
  }
}

/** A request to the model server. */
export interface Asked {
  readonly method: "GET" | "POST";
  /** Below the server's address, such as `/v1/models`. */
  readonly path: string;
  readonly headers: HeaderList;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
}

/** Connections to one model server. */
export class UpstreamClient {
  readonly url: URL;
  readonly #connectMs: number;
  readonly #isSecure: boolean;
  readonly #agent: Agent;

  /** @param url - with or without `/v1` at its end */
  constructor(url: string, connectSeconds: number) {
    const { origin, pathname, protocol } = new URL(url);
    this.url = new URL(pathname.replace(/\/*$/, "/").replace(/\/v1\/$/, "/"), origin);
    this.#connectMs = 1000 * connectSeconds;
    this.#isSecure = protocol === "https:";
    const options = { keepAlive: true, maxFreeSockets: IDLE_CONNECTIONS };
    this.#agent = this.#isSecure ? new SecureAgent(options) : new Agent(options);
  }

  /**
   * Sends a request until the head of its answer is here. Of a kept connection that the server closed in that
   * moment nobody knows whether it had read the request. It is sent once more, on a new connection: a server
   * that closes idle connections has not read it, and to make a text twice takes time and changes nothing.
   *
   * @throws UpstreamProblem `unreachable` or `garbage`
   * @throws the signal's reason
   */
  async send(asked: Asked): Promise<IncomingMessage> {
    const first = await this.#once(asked, this.#agent);
    // On a new connection nothing is stale.
    return first === "stale" ? ((await this.#once(asked, false)) as IncomingMessage) : first;
  }

  /** Closes the connections that have nothing to do. */
  close(): void {
    this.#agent.destroy();
  }

  /** What an error of Node's client or parser means. */
  problem(error: NodeJS.ErrnoException): UpstreamProblem {
    const why = error.code ?? error.message;
    if (error instanceof UpstreamProblem) return error;
    if (why.startsWith("HPE_")) {
      const detail = `What ${this.url.origin} answered is not HTTP (${why}); check HEADROOM_UPSTREAM_URL.`;
      return new UpstreamProblem("garbage", detail, error);
    }
    return new UpstreamProblem(
      "unreachable",
      `The model server at ${this.url.origin} cannot be reached (${why}). Start it, or set ` +
        "HEADROOM_UPSTREAM_URL to where it listens, and send the request again.",
      error,
    );
  }

  #once(asked: Asked, agent: Agent | false): Promise<IncomingMessage | "stale"> {
    const { method, path, headers, body, signal } = asked;
    const { hostname, port, host, pathname } = this.url;
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      let answer: IncomingMessage | undefined;
      const startedAt = performance.now();
      const sent = (this.#isSecure ? requestSecure : requestPlain)({
        method,
        agent,
        hostname: hostname.replace(/^\[|\]$/g, ""),
        port,
        path: `${pathname}${path.slice(1)}`,
        headers: [
          ...["Host", host, ...headers],
          ...(body ? ["Content-Length", String(body.length)] : []),
        ],
      });
      const stop = () => sent.destroy(signal.reason as Error);
      signal.addEventListener("abort", stop);
      sent.once("socket", (socket) => {
        const late = new Error(`no connection within ${this.#connectMs / 1000} s`);
        const done = this.#whenConnected(socket, () => sent.destroy(late));
        sent.once("close", done);
      });
      sent.once("response", (response) => resolve((answer = response)));
      sent.on("error", (error: NodeJS.ErrnoException) => {
        // Once it has begun, it is the answer that breaks off.
        if (answer) return void answer.destroy(error);
        if (signal.aborted) return reject(signal.reason as Error);
        const isStale =
          sent.reusedSocket &&
          performance.now() - startedAt < STALE_WITHIN_MS &&
          (error.code === "ECONNRESET" || error.code === "EPIPE");
        if (isStale) resolve("stale");
        else reject(this.problem(error));
      });
      sent.once("close", () => {
        signal.removeEventListener("abort", stop);
        if (answer) return;
        // Of an answer that changes the protocol Node says nothing.
        reject(new UpstreamProblem("garbage", `${this.url.origin} gave no answer to a request.`));
      });
      sent.end(body);
    });
  }

  /** @returns what ends the waiting */
  #whenConnected(socket: Socket, late: () => void): () => void {
    if (!socket.connecting) return () => {};
    const timer = setTimeout(late, this.#connectMs);
    const done = () => clearTimeout(timer);
    socket.once(this.#isSecure ? "secureConnect" : "connect", done);
    return done;
  }
}
