import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A notification as Alertmanager sends it, as far as tests look. */
export interface Notification {
  readonly receiver: string;
  readonly status: "firing" | "resolved";
  readonly alerts: readonly {
    readonly status: "firing" | "resolved";
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

/** A listening server that takes notifications. */
export interface WebhookReceiver {
  /** Where it listens, `host:port`. */
  readonly address: string;
  /** What has arrived, with the request's method and path. */
  readonly taken: readonly { readonly request: string; readonly notification: Notification }[];
  close(): Promise<void>;
}

/** Starts a receiver on a free port of loopback. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const taken: { request: string; notification: Notification }[] = [];
  const server = createServer(async (req, res) => {
    const pieces: Buffer[] = [];
    for await (const piece of req) pieces.push(piece as Buffer);
    const notification = JSON.parse(Buffer.concat(pieces).toString("utf8")) as Notification;
    taken.push({ request: `${req.method} ${req.url}`, notification });
    res.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
