import { formatSeconds } from "@headroom/loadtest/report/format";
import { closingAll, type BenchRun } from "../../bench-run.ts";
import { sendAll, startSentimentExporter } from "../../http/exporter.ts";
import { openConnections, sentimentRequest } from "../../http/lean-connection.ts";
import { secondsOf } from "../../in-turn.ts";
import { batchesOf } from "../../messages.ts";
import { grow, type Growth } from "./grow.ts";

const CLIENTS = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;

/** Requests of a point, so that each client has several. */
const REQUESTS = 1_024;

/** By the number of clients that ask about one message at a time. */
export function byClients(run: BenchRun): Promise<Growth> {
  return closingAll(async (keep) => {
    const exporter = await startSentimentExporter(run.signal);
    keep({ close: () => exporter.stop() });
    const connections = await openConnections(exporter.url, Math.max(...CLIENTS));
    keep({ close: async () => connections.forEach((connection) => connection.close()) });
    const points = CLIENTS.map((clients) => ({
      at: String(clients),
      measure: async (round: number) => {
        const requests = batchesOf(round, REQUESTS, 1).map(sentimentRequest);
        const used = connections.slice(0, clients);
        return REQUESTS / (await secondsOf(() => sendAll(used, requests)));
      },
      also: (rate: number) => formatSeconds(clients / rate),
    }));
    return grow(run, points, {
      name: "clients",
      title: "Clients, one message a request (HTTP, own process)",
      quantity: "clients",
      also: "a request takes, on average",
    });
  });
}
