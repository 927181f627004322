import { createServer, type IncomingMessage } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** A server that looks like the exporter from afar, for what the real one never does. */
export interface StandIn {
  readonly url: string;
  /** Bodies that were posted, by path. */
  readonly posted: readonly { path: string; bytes: number }[];
  stop(): Promise<void>;
}

const METRICS = `
headroom_build_info{version="0.0.0",node="0",engine="none",simulated="false"} 1
headroom_memory_capacity_bytes 48000000000
`;

async function bytesOf(request: IncomingMessage): Promise<number> {
  let bytes = 0;
  for await (const chunk of request) bytes += (chunk as Buffer).length;
  return bytes;
}

/**
 * Starts one.
 *
 * @param answer - the body of every answer to a POST
 * @param metrics - the page of metrics
 */
export async function startStandIn(answer: string, metrics = METRICS): Promise<StandIn> {
  const posted: { path: string; bytes: number }[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    void bytesOf(request).then((bytes) => {
      if (request.method === "POST") posted.push({ path, bytes });
      response.end(request.method === "POST" ? answer : path === "/metrics" ? metrics : "{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posted,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
