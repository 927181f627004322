import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** A request as the model server got it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** Of the connection. */
  readonly closed: Promise<unknown>;
}

/** What the model server does with a request other than for its models. */
export type Script = (res: ServerResponse, received: Received) => unknown;

/** A model server that does what a test tells it. */
export interface ScriptedUpstream {
  readonly url: string;
  readonly port: number;
  /** All but those for its models. */
  readonly received: readonly Received[];
  script: Script;
  /** What `GET /v1/models` is answered with. */
  models: Script;
  /** Connections that are open. */
  connections(): Promise<number>;
  /** Forgets what it received. */
  forget(): void;
  /** Closes those that have nothing to do. */
  closeIdle(): void;
  close(): Promise<void>;
}

/** A piece of a chat answer with this delta. */
export const delta = (fields: object, finish: string | null = null): string =>
  data({
    id: "c1",
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta: fields, finish_reason: finish }],
  });

/** An event with this as its data. */
export const data = (value: object | string): string =>
  `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;

/** The end of a stream, with the tokens that it took. */
export const ENDING =
  delta({}, "stop") +
  data({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } }) +
  data("[DONE]");

/** Begins a stream. */
export const startStream = (res: ServerResponse): ServerResponse =>
  res.writeHead(200, { "Content-Type": "text/event-stream" });

/** Streams these events and ends. */
export const streams =
  (...events: readonly string[]): Script =>
  (res) => {
    startStream(res);
    for (const event of events) res.write(event);
    res.end();
  };

/** Answers with a status and a value as JSON, or a text as it is. */
export const answers =
  (status: number, value: object | string, headers: Record<string, string> = {}): Script =>
  (res) =>
    res
      .writeHead(status, { "Content-Type": "application/json", ...headers })
      .end(typeof value === "string" ? value : JSON.stringify(value));

/** Writes these bytes on the connection one after the other, whatever HTTP says, and closes it. */
export const raw =
  (...bytes: readonly string[]): Script =>
  async (res) => {
    for (const some of bytes) {
      res.socket?.write(some);
      await sleep(20);
    }
    res.socket?.end();
  };

/** An answer in three words. */
export const WHOLE = {
  id: "c1",
  object: "chat.completion",
  choices: [
    { index: 0, message: { role: "assistant", content: "One two three" }, finish_reason: "stop" },
  ],
  usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
};

/** The same as events. */
export const STREAM = [
  delta({ role: "assistant", content: "" }),
  ...["One", " two", " three"].map((content) => delta({ content })),
  ENDING,
];

/** Answers as a well-behaved server does, in pieces where that is asked for. */
export const wellBehaved: Script = (res, received) => {
  const { stream } = JSON.parse(received.body.toString()) as { readonly stream?: boolean };
  return (stream ? streams(...STREAM) : answers(200, WHOLE))(res, received);
};

/** Starts one on a free port, or on this one. */
export async function startScriptedUpstream(
  script = wellBehaved,
  port = 0,
): Promise<ScriptedUpstream> {
  const received: Received[] = [];
  const receive = async (req: IncomingMessage): Promise<Received> => ({
    method: req.method!,
    path: req.url!,
    headers: req.headers,
    rawHeaders: req.rawHeaders,
    closed: new Promise((resolve) => req.socket.once("close", resolve)),
    body: await buffer(req),
  });
  const server = createServer(async (req, res) => {
    res.on("error", () => {});
    const one = await receive(req).catch(() => undefined);
    if (!one) return;
    if (one.path.endsWith("/v1/models")) return void upstream.models(res, one);
    received.push(one);
    await upstream.script(res, one);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: own } = server.address() as AddressInfo;
  const upstream: ScriptedUpstream = {
    url: `http://127.0.0.1:${own}`,
    port: own,
    received,
    script,
    models: answers(200, { object: "list", data: [{ id: "tiny", object: "model" }] }),
    connections: () =>
      new Promise((resolve) => server.getConnections((_error, count) => resolve(count))),
    forget: () => void (received.length = 0),
    closeIdle: () => server.closeIdleConnections(),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return upstream;
}
