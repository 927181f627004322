/**
 * A model server without a model: it sends as many tokens as it is asked for, one every so many milliseconds, and
 * tells its parent the port.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

const event = (choice: object, more: object = {}) =>
  `data: ${JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: Math.floor(Date.now() / 1000),
    model: "paced",
    choices: [{ index: 0, finish_reason: null, ...choice }],
    ...more,
  })}\n\n`;

async function send(res: ServerResponse, tokens: number, everyMs: number): Promise<void> {
  res.writeHead(200, { "Content-Type": "text/event-stream" });
  res.write(event({ delta: { role: "assistant", content: "" } }));
  const startedAt = performance.now();
  for (let i = 0; i < tokens && !res.destroyed; i++) {
    // Against the start, so that a timer that is late does not slow the rest down.
    const wait = startedAt + i * everyMs - performance.now();
    if (wait > 0) await sleep(wait);
    res.write(event({ delta: { content: " token" } }));
  }
  const usage = { prompt_tokens: 8, completion_tokens: tokens, total_tokens: 8 + tokens };
  res.end(`${event({ delta: {}, finish_reason: "stop" }, { usage })}data: [DONE]\n\n`);
}

const server = createServer(async (req, res) => {
  if (req.method === "GET") return void res.end('{"data":[{"id":"paced"}]}');
  const { max_tokens: tokens, every_ms: everyMs } = (await json(req)) as {
    readonly max_tokens: number;
    readonly every_ms: number;
  };
  await send(res, tokens, everyMs);
});
server.listen(0, "127.0.0.1", () => process.send!((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit());
