import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import OpenAI, { APIError, APIUserAbortError } from "openai";
import { until } from "../../http/testing/test-server.ts";
import { chatAdmission } from "../../http/routes/chat.ts";
import { startDoor, type Door } from "./testing/door.ts";
import {
  answers,
  data,
  delta,
  ENDING,
  startScriptedUpstream,
  startStream,
  streams,
  wellBehaved,
  type ScriptedUpstream,
} from "./testing/scripted-upstream.ts";

const TOKEN = "open-sesame-open";
const MESSAGES = [{ role: "user", content: "Count to three." }] as const;
const asked = { model: "tiny", messages: [...MESSAGES] };

let upstream: ScriptedUpstream;
let door: Door;
let client: OpenAI;
beforeEach(async () => {
  upstream = await startScriptedUpstream();
  await open(256);
});
afterEach(async () => {
  await door.close();
  await upstream.close();
});

async function open(requests: number): Promise<void> {
  door = await startDoor(
    upstream,
    { token: TOKEN, upstreamKey: "server-key" },
    { chatAdmission: chatAdmission(requests, 1e6) },
  );
  client = new OpenAI({ apiKey: TOKEN, baseURL: `${door.url}/v1` });
}

it("answers in one piece, with a key of its own for the server", async () => {
  const answer = await client.chat.completions.create(asked);
  expect(answer.choices[0]!.message.content).toBe("One two three");
  expect(upstream.received[0]!.headers.authorization).toBe("Bearer server-key");
});

it("streams, with the usage at the end", async () => {
  const stream = await client.chat.completions.create({
    ...asked,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  let tokens: number | undefined;
  for await (const { choices, usage } of stream) {
    text += choices[0]?.delta.content ?? "";
    tokens = usage?.completion_tokens ?? tokens;
  }
  expect([text, tokens]).toEqual(["One two three", 3]);
});

it("passes tools on, and their calls back", async () => {
  const tools = [
    { type: "function", function: { name: "weather", parameters: { type: "object" } } },
  ] as const;
  const call = (fields: object) => delta({ tool_calls: [{ index: 0, ...fields }] });
  upstream.script = streams(
    delta({ role: "assistant", content: null }),
    call({ id: "t1", type: "function", function: { name: "weather", arguments: "" } }),
    call({ function: { arguments: '{"city":' } }),
    call({ function: { arguments: '"Kyōto"}' } }),
    delta({}, "tool_calls"),
    data("[DONE]"),
  );
  const runner = client.chat.completions.stream({ ...asked, tools: [...tools] });
  const { message, finish_reason: reason } = (await runner.finalChatCompletion()).choices[0]!;
  expect(message.tool_calls).toMatchObject([
    { id: "t1", function: { name: "weather", arguments: '{"city":"Kyōto"}' } },
  ]);
  expect(reason).toBe("tool_calls");
  expect(JSON.parse(upstream.received[0]!.body.toString())).toMatchObject({ tools });
});

it("lists models, completes and embeds", async () => {
  const models = await client.models.list();
  expect(models.data.map(({ id }) => id)).toEqual(["tiny"]);
  upstream.script = answers(200, { choices: [{ text: " three", finish_reason: "stop" }] });
  const completion = await client.completions.create({ model: "tiny", prompt: "One, two," });
  expect(completion.choices[0]!.text).toBe(" three");
  upstream.script = answers(200, {
    data: [{ embedding: [0.5, 0.25] }],
    usage: { prompt_tokens: 1 },
  });
  const { data: vectors } = await client.embeddings.create({
    model: "tiny",
    input: "a",
    encoding_format: "float",
  });
  expect(vectors[0]!.embedding).toEqual([0.5, 0.25]);
});

it("gives up, and the server hears of it", async () => {
  upstream.script = (res) => void startStream(res).write(delta({ content: "One" }));
  const stream = await client.chat.completions.create({ ...asked, stream: true });
  for await (const { choices } of stream) {
    expect(choices[0]!.delta.content).toBe("One");
    stream.controller.abort();
  }
  await upstream.received[0]!.closed;
  upstream.script = () => {};
  const aborting = new AbortController();
  const waiting = client.chat.completions.create(asked, { signal: aborting.signal });
  await until(() => upstream.received.length === 2);
  aborting.abort();
  await expect(waiting).rejects.toBeInstanceOf(APIUserAbortError);
  await upstream.received[1]!.closed;
});

it("understands the server's errors, and Headroom's own", async () => {
  upstream.script = answers(404, {
    error: { message: "model not found", type: "not_found_error", code: "model_not_found" },
  });
  await expect(client.chat.completions.create(asked)).rejects.toMatchObject({
    status: 404,
    code: "model_not_found",
  });
  upstream.script = answers(200, "<html>", { "Content-Type": "text/html" });
  const failed = client.chat.completions.create(asked, { maxRetries: 0 });
  await expect(failed).rejects.toMatchObject({
    status: 502,
    code: "upstream_failed",
    type: "server_error",
    message: expect.stringContaining("HEADROOM_UPSTREAM_URL"),
  });
  const stranger = new OpenAI({ apiKey: "somebody-elses-key", baseURL: `${door.url}/v1` });
  await expect(stranger.chat.completions.create(asked)).rejects.toMatchObject({
    status: 401,
    code: "unauthorized",
  });
  upstream.script = streams(delta({ content: "One" }), data({ error: { message: "no memory" } }));
  const broken = await client.chat.completions.create({ ...asked, stream: true });
  const reading = (async () => {
    for await (const piece of broken) void piece;
  })();
  await expect(reading).rejects.toBeInstanceOf(APIError);
});

it("asks again after the time that a busy server names", async () => {
  upstream.script = answers(503, { error: { message: "busy" } }, { "Retry-After": "1" });
  const asking = client.chat.completions.create(asked);
  await until(() => upstream.received.length === 1);
  const refusedAt = performance.now();
  upstream.script = wellBehaved;
  expect((await asking).choices[0]!.message.content).toBe("One two three");
  expect(performance.now() - refusedAt).toBeGreaterThan(900);
});

it("asks again when the door itself was full", async () => {
  await door.close();
  await open(1);
  let finish = () => {};
  upstream.script = (res) => {
    startStream(res).write(delta({ content: "One" }));
    finish = () => void res.end(ENDING);
  };
  const first = await client.chat.completions.create({ ...asked, stream: true });
  const second = client.chat.completions.create(asked);
  await until(() => upstream.received.length === 1);
  const refusals = async () =>
    (await door.samples("headroom_chat_requests_total"))[
      'headroom_chat_requests_total{operation="chat",model="other",outcome="refused"}'
    ];
  do await sleep(5);
  while (!(await refusals()));
  upstream.script = wellBehaved;
  finish();
  for await (const piece of first) void piece;
  expect((await second).choices[0]!.message.content).toBe("One two three");
});
