import { once } from "node:events";
import { connect, type Socket } from "node:net";

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
  #waiting: { resolve(): void; reject(error: Error): void } | undefined;

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
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
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
