import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { GOALS } from "@headroom/alerts/goals";
import { startBuiltExporter, type BuiltExporter } from "../built-exporter.ts";
import { atOnce, batchesOf, IN_FLIGHT, type Contender } from "./workload.ts";

const HEAD_END = Buffer.from("\r\n\r\n");

/**
 * A kept connection that writes requests made beforehand and counts the bytes of their answers. It
 * reads the status and Content-Length and parses nothing else, so that the client takes as little of
 * the machine as it can.
 */
export class LeanConnection {
  readonly #socket: Socket;
  #head: Buffer = Buffer.alloc(0);
  /** Bytes of the body that are to come; undefined while the head is read. */
  #left: number | undefined;
  #status = 0;
  #waiting: PromiseWithResolvers<void> | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("The exporter closed the connection.")));
  }

  /** @throws Error when nobody listens */
  static async open(url: string): Promise<LeanConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    return new LeanConnection(socket);
  }

  /**
   * Sends a request and waits for its whole answer; the one before must have been answered.
   *
   * @throws Error for any status but 200, and when the connection ends
   */
  ask(request: Buffer): Promise<void> {
    this.#waiting = Promise.withResolvers();
    this.#socket.write(request);
    return this.#waiting.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#left !== undefined) return this.#countBody(chunk.length);
    this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const end = this.#head.indexOf(HEAD_END);
    if (end < 0) return;
    const head = this.#head.toString("latin1", 0, end);
    this.#status = Number(head.slice(9, 12));
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    if (length === undefined) return this.#fail(new Error("An answer has no Content-Length."));
    this.#left = Number(length);
    const beyond = this.#head.length - end - HEAD_END.length;
    this.#head = Buffer.alloc(0);
    this.#countBody(beyond);
  }

  #countBody(bytes: number): void {
    this.#left! -= bytes;
    if (this.#left! > 0) return;
    this.#left = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (this.#status === 200) waiting?.resolve();
    else waiting?.reject(new Error(`The exporter answered with status ${this.#status}.`));
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

/** Opens so many connections. */
export function openConnections(url: string, count: number): Promise<LeanConnection[]> {
  return Promise.all(Array.from({ length: count }, () => LeanConnection.open(url)));
}

/** A request for sentiments with prefix attributions, past the cache, ready to be written. */
export function sentimentRequest(messages: readonly string[]): Buffer {
  const body = Buffer.from(JSON.stringify({ messages, attribution: "prefix" }));
  return Buffer.concat([
    Buffer.from(
      "POST /v1/sentiment HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
        `Cache-Control: no-store\r\nContent-Length: ${body.length}\r\n\r\n`,
    ),
    body,
  ]);
}

/** A scrape, as Prometheus does it. */
export const SCRAPE = Buffer.from("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");

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
    [Symbol.asyncDispose]: async () => connections.forEach((connection) => connection.close()),
  };
}

/** Different requests, which are sent again and again. */
const REQUESTS = 64;

/**
 * Sends batches over several connections until it is disposed of, which throws when a request was not
 * answered.
 *
 * @param perSecond - messages a second; without it the next batch follows each answer
 */
export async function startLoad(url: string, perSecond?: number) {
  const size = GOALS.batchSize;
  const requests = batchesOf(0, REQUESTS, size).map(sentimentRequest);
  const connections = await openConnections(url, IN_FLIGHT);
  const began = performance.now();
  let answered = 0;
  let stopped = false;
  let sent = 0;
  const lanes = connections.map(async (connection) => {
    while (!stopped) {
      const number = sent++;
      if (perSecond !== undefined) {
        const due = began + (1000 * number * size) / perSecond;
        await sleep(Math.max(0, due - performance.now()));
        if (stopped) return;
      }
      await connection.ask(requests[number % REQUESTS]!);
      answered += size;
    }
  });
  const done = Promise.all(lanes);
  // It is awaited when the load ends.
  done.catch(() => {});
  return {
    /** Messages answered so far. */
    get answered() {
      return answered;
    },
    async [Symbol.asyncDispose]() {
      stopped = true;
      try {
        await done;
      } finally {
        for (const connection of connections) connection.close();
      }
    },
  };
}
