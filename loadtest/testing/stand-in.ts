import { createServer, type IncomingMessage } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A server that looks like the exporter from afar, for what the real one never does. */
export interface StandIn {
  readonly url: string;
  /** Bodies that were posted, by path. */
  readonly posted: readonly { path: string; bytes: number }[];
  stop(): Promise<void>;
}

/** What a stand-in answers to one POST. */
export interface Reply {
  readonly body: string;
  /** 200 unless it is another one. */
  readonly status?: number;
  /** How long it keeps the client waiting, in milliseconds. */
  readonly afterMs?: number;
}

/** A page of metrics without any figures. */
export const STAND_IN_METRICS = `
headroom_build_info{version="0.0.0",node="0",engine="none",simulated="false"} 1
headroom_memory_used_bytes{scope="system"} 2000000000
headroom_memory_used_bytes{scope="process"} 400000000
headroom_memory_capacity_bytes{scope="system"} 16000000000
headroom_memory_capacity_bytes{scope="process"} 16000000000
`;

/** A page of metrics of an exporter that answers status requests. */
export const STAND_IN_STATUS_METRICS = `${STAND_IN_METRICS}
headroom_status_requests_total{scenario="quick-status",strategy="balanced",outcome="ok"} 0
`;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * Starts one.
 *
 * @param answer - the body of every answer to a POST, or what answers a path and its body
 * @param metrics - the page of metrics
 */
export async function startStandIn(
  answer: string | ((path: string, body: string) => Reply),
  metrics = STAND_IN_METRICS,
): Promise<StandIn> {
  const posted: { path: string; bytes: number }[] = [];
  const replyTo = typeof answer === "string" ? (): Reply => ({ body: answer }) : answer;
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    const body = await bodyOf(request);
    if (request.method !== "POST") {
      response.end(path === "/metrics" ? metrics : "{}");
      return;
    }
    posted.push({ path, bytes: body.length });
    // Remote writes are no text, and nobody looks into them.
    const reply = replyTo(path, body.toString("utf8"));
    if (reply.afterMs !== undefined) await sleep(reply.afterMs);
    response.writeHead(reply.status ?? 200).end(reply.body);
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
