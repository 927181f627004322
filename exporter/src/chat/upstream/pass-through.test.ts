import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import { chatBody, startDoor, type Door } from "./testing/door.ts";
import {
  answers,
  data,
  delta,
  ENDING,
  startScriptedUpstream,
  startStream,
  STREAM,
  streams,
  WHOLE,
  type ScriptedUpstream,
} from "./testing/scripted-upstream.ts";

let upstream: ScriptedUpstream;
let door: Door;
beforeEach(async () => {
  upstream = await startScriptedUpstream();
  door = await startDoor(upstream);
});
afterEach(async () => {
  await door.close();
  await upstream.close();
});

const STREAMED = chatBody({ stream: true });

describe("a request", () => {
  it("is passed on byte for byte, with fields that nobody has heard of", async () => {
    const body = `{ "model":"tiny",\n "messages" : [], "tools":[{"type":"function"}], "x_new": 1.50, "é":"\\u00e9é🙂" }`;
    await (await door.ask(body)).text();
    expect(upstream.received[0]!.body.toString()).toBe(body);
    expect(upstream.received[0]).toMatchObject({ method: "POST", path: "/v1/chat/completions" });
  });

  it.each([
    ["/v1/completions", "text_completion"],
    ["/v1/embeddings", "embeddings"],
  ])("to %s goes to the same path", async (path, operation) => {
    await (await door.ask({ model: "tiny", input: "a", prompt: "a" }, {}, path)).text();
    expect(upstream.received[0]!.path).toBe(path);
    const series = `headroom_chat_requests_total{operation="${operation}",model="tiny",outcome="ok"}`;
    expect(await door.samples("headroom_chat_requests_total")).toEqual({ [series]: 1 });
  });

  it("takes no path and no query along", async () => {
    await (await door.ask(chatBody(), {}, "/v1/chat/completions?key=secret")).text();
    expect(upstream.received[0]!.path).toBe("/v1/chat/completions");
  });

  it("of 32 MB, of which pictures are most, passes whole", async () => {
    const picture = `data:image/png;base64,${"iVBORw0KGgo".repeat(3_000_000)}`;
    const content = [{ type: "image_url", image_url: { url: picture } }];
    const body = JSON.stringify({ messages: [{ role: "user", content }], model: "tiny" });
    expect((await door.ask(body)).status).toBe(200);
    expect(upstream.received[0]!.body.length).toBe(body.length);
    expect(upstream.received[0]!.body.toString() === body).toBe(true);
    expect(Object.keys(await door.samples("headroom_chat_requests_total"))[0]).toContain(
      'model="tiny"',
    );
  });

  it.each(["", "[]", "null", '"a"', "{", '{"a":}', '{"model":"tiny"}x', "\ufeff{}"])(
    "whose body is %j is no JSON object and goes nowhere",
    async (body) => {
      const response = await door.ask(body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        code: "invalid_json",
        error: { type: "invalid_request_error", code: "invalid_json" },
      });
      expect(upstream.received).toEqual([]);
    },
  );
});

describe("an answer in one piece", () => {
  it("comes back byte for byte, with the server's own headers", async () => {
    const body = `{"choices": [ ],"usage":{},\n"é":"é🙂"}`;
    upstream.script = answers(200, body, { "X-Request-Id": "r1", "Openai-Version": "2020" });
    const response = await door.ask(chatBody());
    expect(await response.text()).toBe(body);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "x-request-id": "r1",
      "openai-version": "2020",
    });
  });

  it("tells its tokens and why it ended", async () => {
    const response = await door.ask(chatBody());
    expect(await response.json()).toEqual(WHOLE);
    const family =
      'gen_ai_client_token_usage_sum{gen_ai_operation_name="chat",gen_ai_provider_name="upstream",' +
      'gen_ai_request_model="tiny",gen_ai_token_type=';
    expect(await door.samples("gen_ai_client_token_usage_sum")).toEqual({
      [`${family}"input"}`]: 7,
      [`${family}"output"}`]: 3,
    });
    expect(await door.samples("headroom_chat_finish_reasons_total")).toEqual({
      'headroom_chat_finish_reasons_total{model="tiny",reason="stop"}': 1,
    });
    expect(await door.samples("gen_ai_server_time_to_first_token_seconds_count")).toEqual({});
  });

  it("that is large is passed on as it comes, and its usage is found at its end", async () => {
    const data = Array.from({ length: 500 }, () => ({ embedding: Array(100).fill(0.123456789) }));
    const usage = { prompt_tokens: 500, prompt_tokens_details: { cached_tokens: 0 } };
    const body = JSON.stringify({ object: "list", data, usage });
    upstream.script = answers(200, body);
    const response = await door.ask({ model: "tiny", input: [] }, {}, "/v1/embeddings");
    expect((await response.text()) === body).toBe(true);
    expect(Object.values(await door.samples("gen_ai_client_token_usage_sum"))).toEqual([500]);
  });
});

describe("a streamed answer", () => {
  it("comes back byte for byte", async () => {
    const response = await door.ask(STREAMED);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(await response.text()).toBe(STREAM.join(""));
    expect(await door.samples("headroom_chat")).toMatchObject({
      'headroom_chat_requests_total{operation="chat",model="tiny",outcome="ok"}': 1,
      'headroom_chat_streams_total{model="tiny"}': 1,
      'headroom_chat_streams_within_limits_total{model="tiny"}': 1,
      'headroom_chat_finish_reasons_total{model="tiny",reason="stop"}': 1,
      'headroom_chat_inter_token_seconds_count{model="tiny"}': 2,
    });
    expect(
      Object.values(await door.samples("gen_ai_server_time_to_first_token_seconds_count")),
    ).toEqual([1]);
    expect(
      Object.values(await door.samples("gen_ai_server_time_per_output_token_seconds_count")),
    ).toEqual([1]);
  });

  it.each([
    ["line feeds", (text: string) => text],
    ["carriage returns before them", (text: string) => text.replaceAll("\n", "\r\n")],
    ["data over several lines", (text: string) => text.replaceAll('"delta"', '\ndata: "delta"')],
    ["no space after the colon", (text: string) => text.replaceAll("data: ", "data:")],
    ["no empty line at the end", (text: string) => text.slice(0, -2)],
  ])("is read with %s, torn anywhere, also within a character", async (_name, written) => {
    const texts = ["é", "🙂", "日本", '"\\'];
    const all = Buffer.from(written(texts.map((content) => delta({ content })).join("") + ENDING));
    upstream.script = async (res) => {
      startStream(res);
      for (let at = 0; at < all.length; at += 7) {
        res.write(all.subarray(at, at + 7));
        await new Promise(setImmediate);
      }
      res.end();
    };
    const response = await door.ask(STREAMED);
    expect(Buffer.from(await response.arrayBuffer()).equals(all)).toBe(true);
    expect(await door.samples("headroom_chat")).toMatchObject({
      'headroom_chat_requests_total{operation="chat",model="tiny",outcome="ok"}': 1,
      'headroom_chat_inter_token_seconds_count{model="tiny"}': texts.length - 1,
    });
  });

  it("has no head before its first content, whatever comes before", async () => {
    let go = () => {};
    const goes = new Promise<void>((resolve) => (go = resolve));
    upstream.script = async (res) => {
      startStream(res).write(": keep-alive\n\n");
      res.write(delta({ role: "assistant", content: "" }));
      res.write(delta({ content: null, tool_calls: [] }));
      res.write(data({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 0 } }));
      await goes;
      res.end(delta({ content: "One" }) + ENDING);
    };
    let headed = false;
    const answer = door.ask(STREAMED).then((response) => {
      headed = true;
      return response;
    });
    await sleep(100);
    expect(headed).toBe(false);
    go();
    const text = await (await answer).text();
    expect(text).toMatch(/^: keep-alive\n\ndata: /);
    expect(text).toContain("One");
  });

  it.each<[string, object]>([
    ["text", { content: "a" }],
    [
      "a tool's call",
      { tool_calls: [{ index: 0, id: "t", function: { name: "f", arguments: "" } }] },
    ],
    ["a function's call", { function_call: { name: "f" } }],
    ["reasoning", { reasoning: "hm" }],
    ["reasoning by its other name", { reasoning_content: "hm" }],
    ["a refusal", { refusal: "no" }],
  ])("begins with %s", async (_name, fields) => {
    upstream.script = (res) => void startStream(res).write(delta(fields));
    const aborting = new AbortController();
    const response = await door.ask(STREAMED, { signal: aborting.signal });
    expect(response.status).toBe(200);
    aborting.abort();
  });

  it("of completions begins with text", async () => {
    const piece = data({ choices: [{ text: "a", finish_reason: null }] });
    upstream.script = streams(piece, data({ choices: [{ text: "", finish_reason: "length" }] }));
    const response = await door.ask({ model: "tiny", stream: true }, {}, "/v1/completions");
    expect(await response.text()).toContain('"text":"a"');
    expect(await door.samples("headroom_chat_finish_reasons_total")).toEqual({
      'headroom_chat_finish_reasons_total{model="tiny",reason="length"}': 1,
    });
  });

  it("without a word is an answer when the server says that it has ended", async () => {
    upstream.script = streams(delta({ role: "assistant" }), delta({}, "stop"), data("[DONE]"));
    const response = await door.ask(STREAMED);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("[DONE]");
    expect(await door.samples("headroom_chat_requests_total")).toEqual({
      'headroom_chat_requests_total{operation="chat",model="tiny",outcome="ok"}': 1,
    });
  });

  it("is answered when the client hangs up at its last word, before the server does", async () => {
    upstream.script = (res) => void startStream(res).write(STREAM.join(""));
    const aborting = new AbortController();
    const response = await door.ask(STREAMED, { signal: aborting.signal });
    const reader = response.body!.getReader();
    for (let text = ""; !text.includes("[DONE]");)
      text += Buffer.from((await reader.read()).value!);
    aborting.abort();
    const series = 'headroom_chat_requests_total{operation="chat",model="tiny",outcome="ok"}';
    while (!(await door.samples("headroom_chat_requests_total"))[series]) await sleep(10);
  });

  it("without usage, or with usage that has no tokens, says that it is missing", async () => {
    upstream.script = streams(delta({ content: "a" }), delta({ content: "b" }, "stop"));
    await (await door.ask(STREAMED)).text();
    upstream.script = streams(
      delta({ content: "a" }, "tea"),
      data({ choices: null, usage: { prompt_tokens: "7", completion_tokens: -1 } }),
    );
    await (await door.ask(STREAMED)).text();
    expect(await door.samples("headroom_chat")).toMatchObject({
      'headroom_chat_usage_missing_total{model="tiny"}': 2,
      'headroom_chat_finish_reasons_total{model="tiny",reason="other"}': 1,
    });
    // Each piece counts as a token then; the second answer has one.
    expect(
      Object.values(await door.samples("gen_ai_server_time_per_output_token_seconds_count")),
    ).toEqual([1]);
  });
});

describe("models", () => {
  it("are listed as the server lists them", async () => {
    upstream.models = answers(200, '{"object":"list", "data":[]}', { "X-Own": "1" });
    const response = await fetch(`${door.url}/v1/models`);
    expect(response.headers.get("x-own")).toBe("1");
    expect(await response.text()).toBe('{"object":"list", "data":[]}');
  });

  it("that the server does not list are `other` in metrics, whatever they are called", async () => {
    for (const model of ["unheard-of", 'a"}\n', 7, undefined]) {
      await (await door.ask(chatBody({ model }))).text();
    }
    expect(await door.samples("headroom_chat_requests_total")).toEqual({
      'headroom_chat_requests_total{operation="chat",model="other",outcome="ok"}': 4,
    });
  });

  it("are those of the configuration where it names some", async () => {
    const named = await startDoor(upstream, { upstreamModels: ["big"] });
    await (await named.ask(chatBody({ model: "big" }))).text();
    await (await named.ask(chatBody({ model: "tiny" }))).text();
    expect(Object.keys(await named.samples("headroom_chat_requests_total")).toSorted()).toEqual([
      'headroom_chat_requests_total{operation="chat",model="big",outcome="ok"}',
      'headroom_chat_requests_total{operation="chat",model="other",outcome="ok"}',
    ]);
    await named.close();
  });
});
