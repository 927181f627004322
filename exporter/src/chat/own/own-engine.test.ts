import { once } from "node:events";
import { setImmediate as immediate, setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { Ajv } from "ajv";
import { LATENCY_PROFILES } from "../../engine/simulated/profiles.ts";
import type { Generator } from "../../engine/generator.ts";
import { createSimulatedGenerator } from "../../engine/simulated/generator.ts";
import { HeadroomError } from "../../errors.ts";
import type { Admission } from "../../http/admission.ts";
import { chatAdmission } from "../../http/routes/chat.ts";
import { until } from "../../http/testing/test-server.ts";
import { startOwnServer, type OwnServer, type OwnServerOptions } from "./testing/own-server.ts";

const HELLO = { messages: [{ role: "user", content: "Tell me about the 字 and the 🌍" }] };
const SLOW = LATENCY_PROFILES["m1-8gb"];

let server: OwnServer;
const start = async (options?: OwnServerOptions) => (server = await startOwnServer(options));

/** The data of each event, and the texts in them. */
async function eventsOf(response: Response) {
  const lines = (await response.text()).split("\n\n");
  expect(lines.at(-1)).toBe("");
  const data = lines.slice(0, -1).map((line) => line.replace(/^data: /, ""));
  expect(data.pop()).toBe("[DONE]");
  const events = data.map((line) => JSON.parse(line) as Chunk);
  return { events, text: events.map(({ choices }) => choices[0]?.delta.content ?? "").join("") };
}

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[];
}

async function problemOf(response: Response) {
  const { error, ...problem } = (await response.json()) as Record<string, unknown>;
  return { status: response.status, problem, error: error as Record<string, unknown> };
}

describe("a conversation", () => {
  afterEach(() => server.close());

  it("is answered in OpenAI's shape, the same each time, and measured", async () => {
    await start();
    const body = { ...HELLO, max_tokens: 5 };
    const [one, other] = [await server.contentOf(body), await server.contentOf(body)];
    expect(one).toBe(other);
    expect(await (await server.chat(body)).json()).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: "chat.completion",
      model: "simulated",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "This answer is simul", refusal: null },
          finish_reason: "length",
        },
      ],
      usage: { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 },
    });
    expect(server.requests.at(-1)).toMatchObject({
      ...{ operation: "chat", model: "simulated", outcome: "ok", streamed: false },
      ...{ inputTokens: 9, outputTokens: 5, finish: "length" },
    });
  });

  it("is streamed as it is answered whole, its role with the first piece, and its usage last", async () => {
    await start();
    const whole = await server.contentOf(HELLO);
    const response = await server.chat({
      ...HELLO,
      ...{ stream: true, stream_options: { include_usage: true } },
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const { events, text } = await eventsOf(response);
    expect(text).toBe(whole);
    expect(events[0]).toMatchObject({
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta: { role: "assistant", content: "This" }, finish_reason: null }],
      usage: null,
    });
    expect(events.at(-2)).toMatchObject({ choices: [{ delta: {}, finish_reason: "stop" }] });
    expect(events.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 9 } });
    expect(server.requests.at(-1)).toMatchObject({ streamed: true, pieces: events.length - 2 });
  });

  it("ends properly when the model says nothing", async () => {
    await start();
    const response = await server.chat({ ...HELLO, stream: true, stop: "This" });
    const { events, text } = await eventsOf(response);
    expect(text).toBe("");
    expect(events).toMatchObject([
      { choices: [{ delta: { role: "assistant" }, finish_reason: "stop" }] },
    ]);
  });

  it("ends before a stop, of which nothing is sent", async () => {
    await start();
    const { text } = await eventsOf(
      await server.chat({ ...HELLO, stream: true, stop: ["never", "er is sim"] }),
    );
    expect(text).toBe("This answ");
  });

  it("gives JSON that its schema holds, and any object", async () => {
    await start();
    const schema = {
      type: "object",
      properties: {
        name: { type: "string", minLength: 12 },
        tags: { type: "array", items: { enum: ["a", "b"] }, minItems: 2 },
        next: { anyOf: [{ $ref: "#/$defs/next" }, { type: "null" }] },
      },
      required: ["name", "tags", "next"],
      additionalProperties: false,
      $defs: { next: { type: "object", properties: { value: { type: "number" } } } },
    };
    const format = { type: "json_schema", json_schema: { name: "x", strict: true, schema } };
    const content = await server.contentOf({ ...HELLO, response_format: format });
    expect(new Ajv().validate(schema, JSON.parse(content))).toBe(true);
    const any = await server.contentOf({ ...HELLO, response_format: { type: "json_object" } });
    expect(JSON.parse(any)).toEqual({ simulated: true });
  });

  it("takes texts in parts, and fields that have no effect", async () => {
    await start();
    const parts = [
      { type: "text", text: "Tell me" },
      { type: "text", text: "more" },
    ];
    const response = await server.chat({
      messages: [
        { role: "developer", content: "Be short.", name: "me" },
        { role: "user", content: parts },
        { role: "assistant", content: "Well.", refusal: null, annotations: [] },
        { role: "user", content: "And?" },
      ],
      ...{ user: "me", store: true, metadata: { a: "b" }, service_tier: "auto", tools: null },
      ...{ n: 1, temperature: null, max_completion_tokens: 3, max_tokens: 9, top_p: 0.5, seed: -1 },
    });
    expect(await response.json()).toMatchObject({ usage: { completion_tokens: 3 } });
  });

  it("continues a text at /v1/completions", async () => {
    await start();
    const ask = (more: object) =>
      fetch(`${server.url}/v1/completions`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ model: "simulated", prompt: "Once", ...more }),
      });
    expect(await (await ask({})).json()).toMatchObject({
      id: expect.stringMatching(/^cmpl-/),
      object: "text_completion",
      choices: [{ text: expect.stringContaining("simulated"), finish_reason: "length" }],
      usage: { completion_tokens: 16 },
    });
    const streamed = await (await ask({ stream: true, max_tokens: 1 })).text();
    expect(streamed).toContain('"text":"This"');
    expect(streamed).toMatch(/"text":""[^\n]*"length"[^\n]*\n\ndata: \[DONE\]\n\n$/);
  });

  it("is listed by the model's name", async () => {
    await start();
    const listed = await (await fetch(`${server.url}/v1/models`)).json();
    expect(listed).toMatchObject({ object: "list", data: [{ id: "simulated", object: "model" }] });
  });
});

const user = (content: unknown) => ({ messages: [{ role: "user", content }] });
const image = { type: "image_url", image_url: { url: "data:image/png;base64,AA" } };
const schema = (schema: object) => ({
  ...HELLO,
  response_format: { type: "json_schema", json_schema: { name: "x", schema } },
});

describe("what the chat model cannot do, or what is wrong, is refused", () => {
  beforeAll(() => start());
  afterAll(() => server.close());

  it.each<[string, object | string, string, string | null]>([
    ["tools", { ...HELLO, tools: [] }, "unsupported_parameter", "tools"],
    ["two answers", { ...HELLO, n: 2 }, "unsupported_parameter", "n"],
    ["logit_bias", { ...HELLO, logit_bias: { 5: 1 } }, "unsupported_parameter", "logit_bias"],
    ["probabilities", { ...HELLO, logprobs: true }, "unsupported_parameter", "logprobs"],
    ["speech", { ...HELLO, modalities: ["text", "audio"] }, "invalid_request", "modalities"],
    ["pictures", user([image]), "unsupported_parameter", "messages[0].content[0]"],
    [
      "answers of tools",
      { messages: [{ role: "tool", content: "1", tool_call_id: "a" }] },
      "unsupported_parameter",
      "messages[0].tool_call_id",
    ],
    [
      "a regular expression",
      schema({ type: "string", pattern: "a" }),
      "unsupported_parameter",
      "response_format",
    ],
    ["an unknown field", { ...HELLO, beam_width: 3 }, "unknown_field", "beam_width"],
    [
      "an unknown field of a message",
      { messages: [{ role: "user", content: "Hi", beam: 3 }] },
      "unknown_field",
      "messages[0].beam",
    ],
    [
      "a field that occurs twice",
      '{"model":"simulated","messages":[{"role":"user","content":"a","content":"b"}]}',
      "duplicate_field",
      null,
    ],
    ["no model", { ...HELLO, model: undefined }, "invalid_request", "model"],
    ["another model", { ...HELLO, model: "gpt-4" }, "unknown_model", "model"],
    ["no messages", { messages: [] }, "invalid_request", "messages"],
    [
      "an unknown role",
      { messages: [{ role: "me", content: "" }] },
      "invalid_request",
      "messages[0].role",
    ],
    ["no content", { messages: [{ role: "user" }] }, "invalid_request", "messages[0].content"],
    ["half a surrogate pair", user("\ud83d"), "lone_surrogate", "messages[0].content"],
    ["NUL", user([{ type: "text", text: "a\0" }]), "nul_character", "messages[0].content"],
    ["too hot", { ...HELLO, temperature: 3 }, "invalid_request", "temperature"],
    ["no tokens", { ...HELLO, max_tokens: 0 }, "invalid_request", "max_tokens"],
    ["five stops", { ...HELLO, stop: ["a", "b", "c", "d", "e"] }, "invalid_request", "stop"],
    ["an empty stop", { ...HELLO, stop: "" }, "invalid_request", "stop"],
    [
      "a format of its own",
      { ...HELLO, response_format: { type: "xml" } },
      "invalid_request",
      "response_format.type",
    ],
    ["no JSON", '{"model', "invalid_json", null],
    ["a list", "[]", "invalid_request", null],
    [
      "a prompt that is too long",
      user("word ".repeat(40_000)),
      "context_length_exceeded",
      "messages",
    ],
  ])("%s", async (_, body, code, param) => {
    const { status, problem, error } = await problemOf(await server.chat(body));
    expect([status, error["code"], error["param"]]).toEqual([
      code === "unknown_model" ? 404 : 400,
      code,
      param,
    ]);
    expect(error["type"]).toBe("invalid_request_error");
    expect(problem).toMatchObject({ code, detail: error["message"] });
    await until(() => server.requests.length > 0);
    expect(server.requests.at(-1)).toMatchObject({ outcome: "client_error" });
  });

  it("embeddings", async () => {
    const response = await fetch(`${server.url}/v1/embeddings`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    expect((await problemOf(response)).error).toMatchObject({ code: "unsupported_parameter" });
  });

  it("and says how many tokens are too many", async () => {
    const { problem } = await problemOf(await server.chat(user("word ".repeat(40_000))));
    expect(problem).toMatchObject({ limit: 32_768, count: 50_002, unit: "tokens" });
  });
});

describe("a model that is not there", () => {
  afterEach(() => server.close());

  it.each([
    ["missing", "HEADROOM_CHAT_MODEL"],
    ["loading", "in a moment"],
    ["fetching", "in a moment"],
    ["failed", "GET /readyz"],
  ] as const)("because it is %s: 503 with what to do", async (phase, next) => {
    const model = { queue: undefined, ready: false, settled: Promise.resolve() };
    await start({ model: { ...model, state: { phase, text: "why" } } });
    const response = await server.chat(HELLO);
    expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
    const { status, error } = await problemOf(response);
    expect([status, error["code"], error["type"]]).toEqual([
      503,
      "model_unavailable",
      "server_error",
    ]);
    expect(error["message"]).toContain(next);
    const models = await (await fetch(`${server.url}/v1/models`)).json();
    expect(models).toEqual({ object: "list", data: [] });
  });
});

describe("a model that fails", () => {
  afterEach(() => server.close());

  it("before its first word: an error in OpenAI's shape", async () => {
    await start({ faults: { fault: "error", share: 1 } });
    const { status, error } = await problemOf(await server.chat({ ...HELLO, stream: true }));
    expect([status, error["code"]]).toEqual([500, "model_failed"]);
  });

  it("after it: the connection breaks, and that is counted", async () => {
    const generator = {
      ...createSimulatedGenerator({ profile: LATENCY_PROFILES.instant }),
      converse: async (_: unknown, { onText }: { onText?: (piece: string) => void }) => {
        onText?.("Well");
        await sleep(20);
        throw new HeadroomError("model_failed", "It failed.");
      },
    };
    await start({ generator });
    const response = await server.chat({ ...HELLO, stream: true });
    await expect(response.text()).rejects.toThrow();
    await until(() => server.requests.length === 1);
    expect(server.requests[0]).toMatchObject({ outcome: "server_error", pieces: 1 });
  });

  it("by never answering: 504 at the deadline, and its sequence is free again", async () => {
    await start({ faults: { fault: "hang", share: 1 }, parts: { chatTimeoutSeconds: 0.1 } });
    const { status, error } = await problemOf(await server.chat({ ...HELLO, stream: true }));
    expect([status, error["code"]]).toEqual([504, "deadline_exceeded"]);
    await until(() => server.generator.busy === 0);
  });

  it("by being slow: the deadline breaks the stream, and counts as one", async () => {
    await start({ profile: SLOW, parts: { chatTimeoutSeconds: 1 } });
    const response = await server.chat({ ...HELLO, stream: true });
    await expect(response.text()).rejects.toThrow();
    await until(() => server.requests.length === 1);
    expect(server.requests[0]).toMatchObject({ outcome: "deadline" });
    await until(() => server.generator.busy === 0);
  });
});

describe("a client", () => {
  afterEach(() => server.close());

  it("that goes away frees the sequence, before and after the first word", async () => {
    await start({ profile: SLOW });
    for (const stream of [false, true]) {
      const client = new AbortController();
      const asked = server.chat({ ...HELLO, stream }, { signal: client.signal });
      if (stream) await asked;
      else await until(() => server.generator.busy === 1);
      client.abort();
      await (stream ? (await asked).text() : asked).catch(() => {});
      await until(() => server.generator.busy === 0);
    }
    await until(() => server.requests.length === 2);
    expect(server.requests.map(({ outcome }) => outcome)).toEqual(["aborted", "aborted"]);
  });

  const PIECE = "字é𠮷".repeat(10_000);
  const PIECES = 150;

  /** Asks a model that says megabytes, and does not read them until it has said all. */
  async function askAndWait(admission: Admission) {
    const simulated = createSimulatedGenerator({ profile: LATENCY_PROFILES.instant });
    let done = false;
    const generator: Generator = {
      ...simulated,
      async converse(ask, options) {
        for (let i = 0; i < PIECES; i++) {
          options.onText?.(PIECE);
          await immediate();
        }
        done = true;
        return simulated.converse(ask, { ...options, onText: () => {} });
      },
    };
    await start({ generator, parts: { chatAdmission: admission } });
    const { socket, ended } = server.open();
    socket.setEncoding("utf8").pause();
    const body = JSON.stringify({ model: "simulated", stream: true, ...HELLO });
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await until(() => done);
    return { socket, ended };
  }

  it("that does not read keeps no sequence, and gets the whole text when it does, no character cut", async () => {
    const admission = chatAdmission(8, 1e6);
    const { socket, ended } = await askAndWait(admission);
    await until(() => server.generator.busy === 0);
    expect(admission.bytes).toBeGreaterThan(1e6);
    socket.resume();
    const got = [...(await ended).matchAll(/^data: (\{.*\})\r?$/gm)].map(
      ([, data]) => (JSON.parse(data!) as Chunk).choices[0]?.delta.content ?? "",
    );
    expect(got.join("") === PIECE.repeat(PIECES)).toBe(true);
    expect(server.requests[0]).toMatchObject({ outcome: "ok" });
  });

  it("that does not read loses its place to another one", async () => {
    const { socket } = await askAndWait(chatAdmission(1, 1e6));
    await sleep(1_100);
    expect((await server.chat({ ...HELLO, max_tokens: 1 })).status).toBe(200);
    socket.resume();
    await once(socket, "close");
    expect(server.requests[0]).toMatchObject({ outcome: "aborted" });
  });
});
