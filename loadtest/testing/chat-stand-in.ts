import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { STAND_IN_METRICS } from "./stand-in.ts";

/** How a scripted chat server answers. Times in milliseconds. */
export interface Script {
  /** Requests that are answered at once; others wait their turn. */
  readonly capacity?: number;
  readonly firstTokenMs?: number;
  readonly tokenMs?: number;
  /** What is wrong with its answers. */
  readonly fault?: "no usage" | "error event" | "cut off" | "no stream" | "refuses";
  /** Answers that are right before the fault begins. */
  readonly rightAnswers?: number;
  /** Origin that it claims to pass requests on to; null when it does not tell. */
  readonly upstream?: string | null;
}

/** What it was asked. */
export interface Seen {
  readonly content: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A server that looks like the exporter from afar, whose chat model has a known capacity. */
export interface ChatStandIn {
  readonly url: string;
  readonly seen: readonly Seen[];
  stop(): Promise<void>;
}

/** Characters that it counts as a token. */
const CHARACTERS = 5;

/** Starts one. It holds the headers of an answer until its first token, as the exporter does. */
export async function startChatStandIn(script: Script = {}): Promise<ChatStandIn> {
  const { capacity = 8, upstream } = script;
  const seen: Seen[] = [];
  let working = 0;
  const queue: (() => void)[] = [];
  const take = async () => {
    if (working >= capacity) await new Promise<void>((resolve) => queue.push(resolve));
    else working += 1;
  };
  const give = () => {
    const next = queue.shift();
    if (next) next();
    else working -= 1;
  };
  const server = createServer(async (request, response) => {
    const { url = "" } = request;
    if (request.method !== "POST") {
      const pages: Readonly<Record<string, string>> = {
        "/metrics": STAND_IN_METRICS,
        "/v1/models": '{"data":[{"id":"scripted-1","owned_by":"tests"},{"id":"other"}]}',
        "/version": '{"version":"1.2.3"}',
        "/v1/hardware": JSON.stringify({ simulated: true, ...(upstream && { upstream }) }),
      };
      if (url === "/v1/hardware" && upstream === null) response.statusCode = 500;
      response.end(pages[url] ?? "{}");
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    const [message] = body["messages"] as { content: string }[];
    seen.push({ content: message!.content, body });
    await take();
    try {
      const isRight = seen.length <= (script.rightAnswers ?? 0);
      await answer(response, seen.at(-1)!, isRight ? { ...script, fault: undefined } : script);
    } finally {
      give();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer(
  response: ServerResponse,
  { content, body }: Seen,
  script: Omit<Script, "fault"> & { readonly fault?: Script["fault"] | undefined },
): Promise<void> {
  const { firstTokenMs = 20, tokenMs = 2, fault } = script;
  const tokens = Number(body["max_tokens"] ?? body["max_completion_tokens"]);
  await sleep(firstTokenMs);
  if (fault === "refuses") return void response.writeHead(500).end('{"error":{"message":"no"}}');
  if (fault === "no stream") return void response.end('{"choices":[]}');
  const send = (chunk: object) => response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  const piece = { choices: [{ index: 0, delta: { content: "word " }, finish_reason: null }] };
  response.writeHead(200, { "content-type": "text/event-stream", server: "scripted" });
  for (let i = 0; i < tokens; i += 1) {
    if (i > 0) await sleep(tokenMs);
    if (i === 1 && fault === "cut off") return void response.destroy();
    if (i === 1 && fault === "error event") {
      send({ error: { message: "out of memory", code: 500 } });
      return void response.end();
    }
    send(piece);
  }
  send({ choices: [{ index: 0, delta: {}, finish_reason: "length" }] });
  if (fault !== "no usage") {
    const usage = {
      prompt_tokens: Math.round(content.length / CHARACTERS),
      completion_tokens: tokens,
    };
    send({ choices: [], usage });
  }
  response.end("data: [DONE]\n\n");
}
