import { startBuiltExporter, type BuiltExporter } from "../../built-exporter.ts";
import type { Contender } from "../contender.ts";
import { atOnce } from "../in-turn.ts";
import { IN_FLIGHT } from "../pipeline.ts";
import { openConnections, sentimentRequest, type LeanConnection } from "./lean-connection.ts";

/** Starts an exporter that only analyses sentiments, with its metrics as always. */
export function startSentimentExporter(signal: AbortSignal): Promise<BuiltExporter> {
  return startBuiltExporter({ HEADROOM_CHAT_MODEL: "none", HEADROOM_SIMULATE: "false" }, signal);
}

/** Sends all requests, one at a time over each connection. */
export function sendAll(
  connections: readonly LeanConnection[],
  requests: readonly Buffer[],
): Promise<void> {
  return atOnce(
    connections.length,
    requests.map((request) => (lane) => connections[lane]!.ask(request)),
  );
}

/** The exporter over HTTP as a contender; its requests are put together before the time starts. */
export async function httpContender({ url }: BuiltExporter): Promise<Contender> {
  const connections = await openConnections(url, IN_FLIGHT);
  let requests: readonly Buffer[] = [];
  return {
    id: "http",
    name: "exporter over HTTP, own process",
    includes: "HTTP, JSON and all of the pipeline; the client shares the cores",
    prepare: (batches) => void (requests = batches.map(sentimentRequest)),
    async run() {
      await sendAll(connections, requests);
      return undefined;
    },
    close: async () => connections.forEach((connection) => connection.close()),
  };
}
