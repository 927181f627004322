// A model server with OpenAI's API whose answers are made up (simulated): node model-server.mjs <port> [<settings>]
// In JavaScript and on its own, so that it can be killed and frozen like a real one.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const [port, settings = "{}"] = process.argv.slice(2);

/**
 * - firstMs, tokenMs: until the first token, and for each further one
 * - bad: of each hundred answers, so many begin late, so many are slow, and so many are errors
 * - cutAfter: the connection ends after so many tokens
 * - kvCache: share of the cache that is in use, as vLLM tells it
 */
const {
  firstMs = 20,
  tokenMs = 2,
  bad = 0,
  cutAfter = Infinity,
  kvCache = 0.25,
} = JSON.parse(settings);

const LATE_MS = 1_000;
const SLOW_MS = 150;
const MODEL = "simulated";

let asked = 0;
let running = 0;

const KINDS = ["late", "slow", "error"];

/** What becomes of the next answer: the bad ones lie evenly between the good ones. */
function next() {
  const every = Math.round(100 / bad);
  const place = asked++ % every;
  return KINDS.find((_, i) => place === Math.floor((i * every) / KINDS.length)) ?? "good";
}

async function answer(body, res) {
  const { stream = false, max_tokens: tokens = 16, stream_options: options } = JSON.parse(body);
  const kind = next();
  if (kind === "error") {
    res.writeHead(500, { "Content-Type": "application/json" });
    return res.end(JSON.stringify({ error: { message: "simulated", type: "server_error" } }));
  }
  const usage = { prompt_tokens: Math.ceil(body.length / 4), completion_tokens: tokens };
  const base = { id: "chatcmpl-simulated", created: Math.floor(Date.now() / 1000), model: MODEL };
  await sleep(kind === "late" ? firstMs + LATE_MS : firstMs);
  if (!stream) {
    const message = { role: "assistant", content: "simulated ".repeat(tokens) };
    const choices = [{ index: 0, message, finish_reason: "length" }];
    res.setHeader("Content-Type", "application/json");
    return res.end(JSON.stringify({ ...base, object: "chat.completion", choices, usage }));
  }
  const send = (choices, more) =>
    res.write(
      `data: ${JSON.stringify({ ...base, object: "chat.completion.chunk", choices, ...more })}\n\n`,
    );
  res.setHeader("Content-Type", "text/event-stream");
  for (let token = 0; token < tokens && !res.destroyed; token++) {
    if (token > 0) await sleep(kind === "slow" ? tokenMs + SLOW_MS : tokenMs);
    if (token >= cutAfter) return res.destroy();
    send([{ index: 0, delta: { content: "simulated " }, finish_reason: null }]);
  }
  send([{ index: 0, delta: {}, finish_reason: "length" }]);
  if (options?.include_usage) send([], { usage });
  res.end("data: [DONE]\n\n");
}

const metrics = () =>
  [
    ["kv_cache_usage_perc", kvCache],
    ["num_requests_running", running],
    ["num_requests_waiting", 0],
  ]
    .map(
      ([name, value]) =>
        `# TYPE vllm:${name} gauge\nvllm:${name}{model_name="${MODEL}"} ${value}\n`,
    )
    .join("");

createServer(async (req, res) => {
  if (req.url === "/metrics") return res.end(metrics());
  if (req.url === "/v1/models") {
    res.setHeader("Content-Type", "application/json");
    const data = [{ id: MODEL, object: "model", created: 0, owned_by: "simulated" }];
    return res.end(JSON.stringify({ object: "list", data }));
  }
  if (req.url !== "/v1/chat/completions") return res.writeHead(404).end();
  running += 1;
  res.once("close", () => (running -= 1));
  let body = "";
  for await (const piece of req.setEncoding("utf8")) body += piece;
  await answer(body, res);
}).listen(Number(port), "127.0.0.1");
