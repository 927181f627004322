import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe("a good request", () => {
  it("is answered with one result a message, in order, and says who answered", async () => {
    const response = await server.post({
      messages: ["good day", "bad day"],
      attribution: "prefix",
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("etag")).toBeNull();
    expect(response.headers.get("x-powered-by")).toBeNull();
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    const answer = (await response.json()) as { results: { label: string }[] };
    expect(answer).toMatchObject({ model: "scripted", simulated: true, attribution: "prefix" });
    expect(answer.results.map((result) => result.label)).toEqual(["positive", "negative"]);
  });

  it("lists the words of an attribution unless it leaves them out", async () => {
    const request = { messages: ["good day"], attribution: "prefix" };
    const attributionOf = async (body: object) => {
      const answer = (await (await server.post(body)).json()) as {
        results: { attribution: object }[];
      };
      return answer.results[0]!.attribution;
    };
    const listed = await attributionOf(request);
    expect(listed).toMatchObject({ words: [{ text: "good" }, { text: "day" }] });
    const { words: _, ...quality } = listed as { words: unknown };
    expect(await attributionOf({ ...request, words: false })).toEqual(quality);
    expect(Object.keys(quality)).toEqual(["method", "entropy", "sparsity"]);
  });

  it("asks for no attribution and uses the cache unless it says otherwise", async () => {
    await server.post({ messages: ["good"] });
    expect(server.analyser.calls.at(-1)?.options).toMatchObject({
      attribution: "none",
      cache: "use",
    });
    const headers = { "Cache-Control": "max-age=0, No-Store" };
    await server.post({ messages: ["good"] }, { headers });
    expect(server.analyser.calls.at(-1)?.options).toMatchObject({ cache: "no-store" });
  });

  it.each([
    ["emoji only", ["🙂🙃"]],
    ["words of no language", ["zxqv"]],
    ["128 messages", Array.from({ length: 128 }, (_, i) => `good ${i}`)],
    ["4,096 characters of two UTF-16 units each", ["🙂".repeat(4096)]],
    ["quotes and backslashes before colons", ['he said: "x\\": ":"', '\\":']],
  ])("may hold %s", async (_name, messages) => {
    const response = await server.post({ messages });
    expect(response.status).toBe(200);
    expect(server.analyser.calls.at(-1)?.messages).toEqual(messages);
  });

  it("may name its charset and begin with a byte order mark", async () => {
    const headers = { "Content-Type": 'application/json; charset="UTF-8"' };
    expect((await server.post('\ufeff{"messages":["good"]}', { headers })).status).toBe(200);
  });

  it("arrives whole when the answer is large", async () => {
    const messages = Array.from({ length: 128 }, (_, i) => `good ${i} ${"word ".repeat(100)}`);
    const response = await server.post({ messages, attribution: "occlusion" });
    const text = await response.text();
    expect(Buffer.byteLength(text)).toBe(Number(response.headers.get("content-length")));
    expect((JSON.parse(text) as { results: unknown[] }).results).toHaveLength(128);
  });
});

const SECRET = "sesame";
const BAD_BODIES: [string, string | Uint8Array, number, string][] = [
  ["nothing", "", 400, "invalid_json"],
  ["no JSON", `{"messages": [${SECRET}`, 400, "invalid_json"],
  [
    "bytes that are not UTF-8",
    Buffer.from('{"messages":["caf\xe9"]}', "latin1"),
    400,
    "invalid_encoding",
  ],
  ["null", "null", 400, "invalid_request"],
  ["a list", `["${SECRET}"]`, 400, "invalid_request"],
  ["no messages field", "{}", 400, "invalid_request"],
  ["messages of another type", `{"messages":"${SECRET}"}`, 400, "invalid_request"],
  ["a message of another type", `{"messages":["a",7]}`, 400, "invalid_request"],
  ["deep nesting", "[".repeat(500_000) + "]".repeat(500_000), 400, "invalid_request"],
  [
    "deep nesting in a message",
    `{"messages":[${"[".repeat(9e4)}${"]".repeat(9e4)}]}`,
    400,
    "invalid_request",
  ],
  ["no message", '{"messages":[]}', 400, "no_messages"],
  ["129 messages", JSON.stringify({ messages: Array(129).fill(SECRET) }), 400, "too_many_messages"],
  ["half a million messages", `{"messages":[${"1,".repeat(500_000)}1]}`, 400, "too_many_messages"],
  ["an empty message", '{"messages":["a",""]}', 400, "empty_message"],
  ["a message of only space", '{"messages":["a"," \\t\\u3000\\n"]}', 400, "empty_message"],
  ["4,097 characters", JSON.stringify({ messages: ["é".repeat(4097)] }), 400, "message_too_long"],
  ["4,097 emoji", JSON.stringify({ messages: ["🙂".repeat(4097)] }), 400, "message_too_long"],
  ["a lone surrogate", `{"messages":["${SECRET} \\ud800"]}`, 400, "lone_surrogate"],
  ["NUL", `{"messages":["${SECRET}\\u0000"]}`, 400, "nul_character"],
  [
    "an unknown method",
    `{"messages":["a"],"attribution":"${SECRET} x"}`,
    400,
    "unknown_attribution",
  ],
  ["a method of another type", '{"messages":["a"],"attribution":1}', 400, "unknown_attribution"],
  ["words of another type", '{"messages":["a"],"words":"no"}', 400, "invalid_request"],
  ["an unknown field", `{"messages":["a"],"${SECRET} x":1}`, 400, "unknown_field"],
  [
    "a prototype key",
    '{"messages":["a"],"__proto__":{"attribution":"prefix"}}',
    400,
    "unknown_field",
  ],
  ["a constructor key", '{"messages":["a"],"constructor":{}}', 400, "unknown_field"],
  ["a repeated field", `{"messages":["${SECRET}"],"messages":["a"]}`, 400, "duplicate_field"],
  [
    "a repeated escaped field",
    '{"messages":["a"],"m\\u0065ssages" :["a"]}',
    400,
    "duplicate_field",
  ],
  [
    "more than any messages that are allowed",
    JSON.stringify({ messages: [SECRET.repeat(2_000_000)] }),
    413,
    "body_too_large",
  ],
];

describe("a bad body", () => {
  it.each(BAD_BODIES)("of %s gets its own code", async (_name, body, status, code) => {
    const calls = server.analyser.calls.length;
    const before = server.observed.length;
    const response = await server.post(body);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ type: `/problems/${code}`, status, code });
    expect(text).not.toContain(SECRET);
    expect(server.logged.join()).not.toContain(SECRET);
    expect(server.analyser.calls).toHaveLength(calls);
    expect((await server.outcomes(before + 1)).slice(before)).toEqual(["client_error"]);
  });

  it("says which message is meant and what is allowed", async () => {
    const third = await server.post({ messages: ["a", "b", " "] });
    expect(await third.json()).toMatchObject({ code: "empty_message", index: 2 });
    const unknown = await server.post({ messages: ["a"], atribution: "none" });
    expect(await unknown.json()).toMatchObject({
      field: "atribution",
      allowed: ["messages", "attribution", "words"],
    });
    const method = await server.post({ messages: ["a"], attribution: "shap" });
    expect(await method.json()).toMatchObject({ allowed: ["none", "prefix", "occlusion"] });
  });
});

describe("headers that do not fit", () => {
  it.each([
    ["text/plain", undefined, "unsupported_media_type", "accept-post", "application/json"],
    ["application/jsonp", undefined, "unsupported_media_type", "accept-post", "application/json"],
    [
      "application/json; charset=latin1",
      undefined,
      "unsupported_charset",
      "accept-post",
      "application/json",
    ],
    ["application/json", "gzip", "unsupported_encoding", "accept-encoding", "identity"],
  ])("%s %s is answered by 415", async (type, encoding, code, header, value) => {
    const headers = { "Content-Type": type, ...(encoding ? { "Content-Encoding": encoding } : {}) };
    const response = await server.post({ messages: ["a"] }, { headers });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code });
    expect(response.headers.get(header)).toBe(value);
  });

  it("no content type at all is answered by 415", async () => {
    const response = await fetch(`${server.url}/v1/sentiment`, {
      method: "POST",
      body: new Uint8Array([123, 125]),
    });
    expect(response.status).toBe(415);
  });
});

describe("whatever the body is", () => {
  const json = fc.json({ maxDepth: 4 });
  const request = fc
    .record(
      {
        messages: fc.oneof(fc.array(fc.string({ unit: "binary" })), fc.anything()),
        attribution: fc.oneof(fc.constantFrom("none", "prefix", "occlusion"), fc.anything()),
      },
      { requiredKeys: [] },
    )
    .map((value) => {
      try {
        return JSON.stringify(value);
      } catch {
        return "{}";
      }
    });
  const bytes = fc.uint8Array({ maxLength: 300 });

  it("the answer is never a server error and the request is observed once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(json, request, bytes), async (body) => {
        const before = server.observed.length;
        const response = await server.post(body);
        await response.arrayBuffer();
        expect([200, 400]).toContain(response.status);
        const expected = response.status === 200 ? "ok" : "client_error";
        expect((await server.outcomes(before + 1)).slice(before)).toEqual([expected]);
      }),
      { numRuns: 300 },
    );
    expect(server.logged).toEqual([]);
  });
});
