import { afterEach, describe, expect, it } from "@jest/globals";
import { Ajv } from "ajv";
import OpenAI, { APIUserAbortError, BadRequestError, NotFoundError } from "openai";
import { LATENCY_PROFILES } from "../../engine/simulated/profiles.ts";
import { until } from "../../http/testing/test-server.ts";
import type { OwnModel } from "./own-engine.ts";
import {
  simulatedQueue,
  startOwnServer,
  type OwnServer,
  type OwnServerOptions,
} from "./testing/own-server.ts";

let server: OwnServer;
afterEach(() => server.close());

/** OpenAI's own client. */
async function client(options?: OwnServerOptions, maxRetries = 0): Promise<OpenAI> {
  server = await startOwnServer(options);
  return new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "none", maxRetries });
}

const ASKED = {
  model: "simulated",
  messages: [{ role: "user" as const, content: "Tell me a story" }],
};

describe("OpenAI's client", () => {
  it("gets an answer, and the list of models", async () => {
    const openai = await client();
    const { choices, usage } = await openai.chat.completions.create({ ...ASKED, max_tokens: 4 });
    expect(choices[0]!.message.content).toBe("This answer is s");
    expect([choices[0]!.finish_reason, usage!.completion_tokens]).toEqual(["length", 4]);
    const listed = [];
    for await (const { id } of openai.models.list()) listed.push(id);
    expect(listed).toEqual(["simulated"]);
  });

  it("gets a stream with its usage, which is what its own reader makes of it", async () => {
    const openai = await client();
    const wanted = { ...ASKED, stream_options: { include_usage: true } };
    const stream = openai.chat.completions.stream({ ...wanted, stop: ["story"] });
    const pieces: string[] = [];
    stream.on("content", (piece) => pieces.push(piece));
    expect(await stream.finalContent()).toBe(pieces.join(""));
    expect(pieces.join("")).toMatch(/^This answer is simulated\..* a $/);
    expect((await stream.totalUsage()).completion_tokens).toBeGreaterThan(pieces.length - 1);
    expect((await stream.finalChatCompletion()).choices[0]!.finish_reason).toBe("stop");
  });

  it("gets JSON by a schema", async () => {
    const openai = await client();
    const schema = {
      type: "object",
      properties: { city: { type: "string" }, people: { type: "integer" } },
      required: ["city", "people"],
      additionalProperties: false,
    };
    const { choices } = await openai.chat.completions.create({
      ...ASKED,
      response_format: { type: "json_schema", json_schema: { name: "city", strict: true, schema } },
    });
    expect(new Ajv().validate(schema, JSON.parse(choices[0]!.message.content!))).toBe(true);
  });

  it("gets its own kinds of errors, with param and code", async () => {
    const openai = await client();
    const tools = openai.chat.completions.create({
      ...ASKED,
      tools: [{ type: "function", function: { name: "f" } }],
    });
    await expect(tools).rejects.toBeInstanceOf(BadRequestError);
    await expect(tools).rejects.toMatchObject({ code: "unsupported_parameter", param: "tools" });
    const other = openai.chat.completions.create({ ...ASKED, model: "gpt-4" });
    await expect(other).rejects.toBeInstanceOf(NotFoundError);
    await expect(other).rejects.toMatchObject({ code: "unknown_model", param: "model" });
  });

  it("ends a stream, and the sequence is free", async () => {
    const openai = await client({ profile: LATENCY_PROFILES["linux-2-cores"] });
    const stream = await openai.chat.completions.create({ ...ASKED, stream: true });
    await stream[Symbol.asyncIterator]().next();
    expect(server.generator.busy).toBe(1);
    stream.controller.abort();
    await until(() => server.generator.busy === 0);
    const abort = new AbortController();
    const asked = openai.chat.completions.create(ASKED, { signal: abort.signal });
    await until(() => server.generator.busy === 1);
    abort.abort();
    await expect(asked).rejects.toBeInstanceOf(APIUserAbortError);
    await until(() => server.generator.busy === 0);
  });

  it("comes back when the model was loaded meanwhile, as Retry-After says", async () => {
    const model = {
      ...{ queue: undefined, ready: false, settled: Promise.resolve() },
      state: { phase: "loading", text: "simulated" },
    } as { -readonly [K in keyof OwnModel]: OwnModel[K] };
    const openai = await client({ model }, 2);
    const asked = openai.chat.completions.create(ASKED);
    await until(() => server.requests.length === 1);
    model.queue = simulatedQueue();
    expect((await asked).choices[0]!.message.content).toContain("simulated");
    expect(server.requests.map(({ outcome }) => outcome)).toEqual(["refused", "ok"]);
  });

  it("continues a text", async () => {
    const openai = await client();
    const { choices } = await openai.completions.create({ model: "simulated", prompt: "Once" });
    expect(choices[0]!.text).toContain("simulated");
  });
});
