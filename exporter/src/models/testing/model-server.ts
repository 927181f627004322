import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How a loopback server treats a request for a model. */
export interface Behaviour {
  readonly content: Buffer;
  /** Instead of 200. */
  readonly status?: number;
  /** Whether parts can be asked for; they can unless this says no. */
  readonly ranges?: boolean;
  /** Cuts the connection after so many bytes of each answer. */
  readonly cutAfter?: number;
  /** Milliseconds between pieces of 64 kB. */
  readonly pieceMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A real server that plays a model hub. */
export interface ModelServer {
  /** Ends in a slash. */
  readonly url: string;
  /** Method and Range of each request. */
  readonly requests: readonly { readonly method: string; readonly range: string | undefined }[];
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

const PIECE_BYTES = 64 * 1024;

/** Starts a server on 127.0.0.1 that answers every path in the same way. */
export async function startModelServer(behaviour: Behaviour): Promise<ModelServer> {
  let current = behaviour;
  const requests: { method: string; range: string | undefined }[] = [];
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? "", range: request.headers.range });
    void answer(request, response, current);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    behave: (next) => {
      current = next;
      requests.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { content, status = 200, ranges = true, cutAfter, pieceMs, headers }: Behaviour,
): Promise<void> {
  if (status !== 200) return void response.writeHead(status).end();
  const range = ranges ? /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") : undefined;
  const start = Number(range?.[1] ?? 0);
  const body = content.subarray(start, range ? Number(range[2]) + 1 : content.length);
  response.writeHead(range ? 206 : 200, {
    "content-length": body.length,
    ...(ranges && { "accept-ranges": "bytes" }),
    ...(range && { "content-range": `bytes ${range[1]}-${range[2]}/${content.length}` }),
    ...headers,
  });
  if (request.method === "HEAD") return void response.end();
  for (let at = 0; at < body.length && !response.destroyed; at += PIECE_BYTES) {
    if (cutAfter !== undefined && at >= cutAfter) return void response.destroy();
    response.write(body.subarray(at, at + PIECE_BYTES));
    await sleep(pieceMs ?? 0);
  }
  response.end();
}
