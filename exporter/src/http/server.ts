import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { HeadroomError, PROBLEMS } from "../errors.ts";
import { PROBLEM_TYPE, problemBody } from "./problem.ts";

/** Where to listen, and how long a request may take. */
export interface ListenOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Within which a request must have arrived, and then be answered. */
  readonly requestTimeoutSeconds: number;
  /** What the names of the variables for host and port begin with; HEADROOM when absent. */
  readonly variables?: string;
}

/** A server that listens. */
export interface Listening {
  readonly server: Server;
  /** Where clients on this machine reach it, such as `http://127.0.0.1:9700`. */
  readonly url: string;
}

const HEADERS_SECONDS = 10;
// Longer than the usual time between two scrapes, so that Prometheus keeps its connection.
const KEEP_ALIVE_SECONDS = 65;

/**
 * Listens for requests.
 *
 * @throws Error that says what to change when the address cannot be used
 */
export async function listen(app: RequestListener, options: ListenOptions): Promise<Listening> {
  const { requestTimeoutSeconds } = options;
  const server = createServer(
    {
      headersTimeout: HEADERS_SECONDS * 1000,
      // The route answers slow bodies itself; this one frees connections whose answer was early.
      requestTimeout: (Math.max(HEADERS_SECONDS, requestTimeoutSeconds) + 1) * 1000,
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: KEEP_ALIVE_SECONDS * 1000,
    },
    app,
  );
  // A client that does not read its answer: nothing moves for longer than any answer may take.
  server.setTimeout((2 * requestTimeoutSeconds + 5) * 1000);
  server.on("clientError", answerBrokenRequest);
  server.listen(options.port, options.host);
  await once(server, "listening").catch((error: NodeJS.ErrnoException) => {
    throw cannotListen(error, options);
  });
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://${reachable(options.host)}:${port}` };
}

/** Answers what Node's HTTP parser could not read; such a request never reaches a route. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  // After earlier answers on this connection, bytes of ours could land in the middle of one.
  if (error.code === "ECONNRESET" || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const problem = brokenRequest(error.code);
  const { status } = PROBLEMS[problem.code];
  const body = JSON.stringify(problemBody(problem));
  socket.end(
    `HTTP/1.1 ${status} ${problem.code}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function brokenRequest(code: string | undefined): HeadroomError {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new HeadroomError(
        "request_timeout",
        "The request did not arrive in time, so the connection is closed; send it again.",
      );
    case "HPE_HEADER_OVERFLOW":
      return new HeadroomError("headers_too_large", "Send fewer or shorter headers.");
    default:
      return new HeadroomError(
        "malformed_http",
        "The bytes that arrived are not an HTTP/1.1 request; check the client and the address.",
      );
  }
}

function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

function cannotListen(error: NodeJS.ErrnoException, options: ListenOptions): Error {
  const { host, port, variables: own = "HEADROOM" } = options;
  const why: Record<string, string> = {
    EADDRINUSE: `the port is taken; set ${own}_PORT to another one, or to 0 for any free one`,
    EACCES: `this user may not use the port; set ${own}_PORT to one above 1023`,
    EADDRNOTAVAIL: `this machine has no such address; set ${own}_HOST to one it has`,
    ENOTFOUND: `this name has no address; set ${own}_HOST to an address of this machine`,
  };
  const reason = why[error.code ?? ""] ?? error.message;
  return new Error(`cannot listen on ${host} port ${port}: ${reason}`, { cause: error });
}
