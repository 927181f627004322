import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { until } from "../../http/testing/test-server.ts";
import { chatBody, startDoor, type Door } from "./testing/door.ts";
import {
  answers,
  data,
  delta,
  ENDING,
  raw,
  startScriptedUpstream,
  startStream,
  STREAM,
  streams,
  type Script,
  type ScriptedUpstream,
} from "./testing/scripted-upstream.ts";

let upstream: ScriptedUpstream;
let door: Door;
beforeEach(async () => {
  upstream = await startScriptedUpstream();
  door = await startDoor(upstream, {}, { chatTimeoutSeconds: 0.5 });
});
afterEach(async () => {
  await door.close();
  await upstream.close();
});

const STREAMED = chatBody({ stream: true });

/** How the one request ended, and what the model server did. */
async function ended() {
  await until(() => door.admission.requests === 0);
  const found = await door.samples("headroom_");
  const outcomes = Object.keys(found).flatMap(
    (series) => /^headroom_chat_requests_total\{.*outcome="(\w+)"/.exec(series)?.slice(1) ?? [],
  );
  const reasons = Object.keys(found).flatMap(
    (series) => /^headroom_upstream_errors_total\{reason="(\w+)"/.exec(series)?.slice(1) ?? [],
  );
  return { outcomes, reasons };
}

const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const EVENTS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
const CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
const chunk = (some: string) => `${Buffer.byteLength(some).toString(16)}\r\n${some}\r\n`;
const html = (status: number) =>
  answers(status, "<html>Welcome to nginx!</html>", { "Content-Type": "text/html" });

describe("what is no answer is 502 upstream_failed", () => {
  it.each<[string, Script, string, object?]>([
    ["a page", html(200), "garbage"],
    ["a page in place of a stream", html(200), "garbage", STREAMED],
    ["text that is called JSON", answers(200, "Internal error"), "garbage"],
    ["JSON that is no object", answers(200, "[]"), "garbage"],
    ["nothing at all", answers(200, ""), "garbage"],
    ["half an answer", answers(200, '{"choices":'), "garbage"],
    ["fewer bytes than were promised", raw(`${HEAD}Content-Length: 9\r\n\r\n{"a"`), "cut_off"],
    ["bytes that are not HTTP", raw("SSH-2.0-OpenSSH_9.2\r\n"), "garbage"],
    ["two lengths", raw(`${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`), "garbage"],
    [
      "a length and chunks",
      raw(`${HEAD}Content-Length: 2\r\n${CHUNKED}${chunk("{}")}0\r\n\r\n`),
      "garbage",
    ],
    ["bad chunks", raw(`${HEAD}${CHUNKED}zz\r\n{}\r\n0\r\n\r\n`), "garbage"],
    ["a chunk without an end", raw(`${HEAD}${CHUNKED}fffffffffffffffff\r\n{}`), "garbage"],
    ["a head without an end", raw(`HTTP/1.1 200 OK\r\n${"X-A: b\r\n".repeat(5_000)}`), "garbage"],
    [
      "another protocol",
      raw("HTTP/1.1 101 Go\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
      "garbage",
    ],
    ["a redirection", answers(307, "", { Location: "http://127.0.0.1:1/" }), "redirected"],
    ["events that are none", streams("data: <html>\n\n", "data: 1\n\n"), "garbage", STREAMED],
    ["a stream without an event", streams(""), "garbage", STREAMED],
    ["a stream that ends before its first word", streams(STREAM[0]!), "cut_off", STREAMED],
    [
      "a stream that breaks off before it",
      raw(`${EVENTS}${CHUNKED}${chunk(STREAM[0]!)}`),
      "cut_off",
      STREAMED,
    ],
    [
      "a stream with bad chunks",
      raw(`${EVENTS}${CHUNKED}${chunk(STREAM[0]!)}zz\r\n`),
      "garbage",
      STREAMED,
    ],
    [
      "a compressed stream",
      (res) =>
        res
          .writeHead(200, { "Content-Type": "text/event-stream", "Content-Encoding": "gzip" })
          .end("x"),
      "garbage",
      STREAMED,
    ],
    ["a megabyte without a word", streams(": \n\n".repeat(300_000)), "garbage", STREAMED],
  ])("%s", async (_name, script, reason, body = chatBody()) => {
    upstream.script = script;
    const response = await door.ask(body, { redirect: "manual" });
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({
      code: "upstream_failed",
      reason,
      error: { type: "server_error", code: "upstream_failed" },
    });
    expect(await ended()).toEqual({ outcomes: ["server_error"], reasons: [reason] });
  });
});

describe("a status of the model server passes, with its body", () => {
  const problem = '{ "error": {"message":"no", "type":"x"} }';
  it.each<[number, string, string]>([
    [400, "client_error", "status_4xx"],
    [401, "client_error", "status_4xx"],
    [404, "client_error", "status_4xx"],
    [429, "refused", "rate_limited"],
    [500, "server_error", "status_5xx"],
    [503, "server_error", "status_5xx"],
  ])("%i", async (status, outcome, reason) => {
    upstream.script = answers(status, problem);
    const response = await door.ask(STREAMED);
    expect(response.status).toBe(status);
    expect(await response.text()).toBe(problem);
    expect(response.headers.get("retry-after")).toBe(status === 429 ? "1" : null);
    expect(await ended()).toEqual({ outcomes: [outcome], reasons: [reason] });
  });

  it("429 with its own Retry-After, 503 with a page", async () => {
    upstream.script = answers(429, problem, { "Retry-After": "17" });
    expect((await door.ask(chatBody())).headers.get("retry-after")).toBe("17");
    upstream.script = html(503);
    const page = await door.ask(STREAMED);
    expect([page.status, page.headers.get("content-type")]).toEqual([503, "text/html"]);
  });

  it.each<[string, Script, string, string]>([
    ["an error as JSON with status 200", answers(200, problem), "server_error", "status_5xx"],
    [
      "an error as the first event",
      streams(data(JSON.parse(problem) as object)),
      "server_error",
      "status_5xx",
    ],
    [
      "a client's error as an event",
      streams(data({ error: { code: 400 } })),
      "client_error",
      "status_4xx",
    ],
    [
      "an error after some words",
      streams(delta({ content: "a" }), data({ error: "no" })),
      "server_error",
      "status_5xx",
    ],
  ])("%s", async (_name, script, outcome, reason) => {
    upstream.script = script;
    const response = await door.ask(STREAMED);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("error");
    expect(await ended()).toEqual({ outcomes: [outcome], reasons: [reason] });
  });
});

describe("a stream that has begun", () => {
  it.each<[string, string]>([
    ["and breaks off", ""],
    ["and goes on with bad chunks", "zz\r\n"],
  ])("%s breaks off for the client too", async (_name, end) => {
    upstream.script = raw(`${EVENTS}${CHUNKED}${chunk(delta({ content: "a" }))}`, end);
    const response = await door.ask(STREAMED);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow("terminated");
    expect(await ended()).toEqual({ outcomes: ["server_error"], reasons: ["cut_off"] });
  });

  it("and ends without a word of its end is passed on, and counts as broken off", async () => {
    upstream.script = streams(delta({ content: "a" }));
    expect(await (await door.ask(STREAMED)).text()).toBe(delta({ content: "a" }));
    expect(await ended()).toEqual({ outcomes: ["server_error"], reasons: ["cut_off"] });
  });

  it("and breaks off after its end is whole", async () => {
    upstream.script = raw(`${EVENTS}${CHUNKED}${chunk(delta({ content: "a" }) + ENDING)}`);
    expect(await (await door.ask(STREAMED)).text()).toBe(delta({ content: "a" }) + ENDING);
    expect(await ended()).toEqual({ outcomes: ["ok"], reasons: [] });
  });

  it("is ended at the deadline", async () => {
    upstream.script = (res) => void startStream(res).write(delta({ content: "a" }));
    await expect((await door.ask(STREAMED)).text()).rejects.toThrow("terminated");
    expect(await ended()).toEqual({ outcomes: ["deadline"], reasons: ["timeout"] });
    await upstream.received[0]!.closed;
  });
});

describe("a server that says nothing of use", () => {
  it.each<[string, Script]>([
    ["never answers", () => {}],
    [
      "only keeps the connection alive",
      (res) => {
        startStream(res);
        const timer = setInterval(() => res.write(": ping\n\n"), 20);
        res.on("close", () => clearInterval(timer));
      },
    ],
  ])("and %s is given up at the deadline", async (_name, script) => {
    upstream.script = script;
    const response = await door.ask(STREAMED);
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({
      code: "deadline_exceeded",
      detail: expect.stringContaining("HEADROOM_CHAT_TIMEOUT_SECONDS"),
    });
    expect(await ended()).toEqual({ outcomes: ["deadline"], reasons: ["timeout"] });
    await upstream.received[0]!.closed;
    // It counts as a first token that took all that time.
    const [count] = Object.values(
      await door.samples("gen_ai_server_time_to_first_token_seconds_count"),
    );
    expect(count).toBe(1);
  });
});

describe("a line of 100 MB", () => {
  const bytes = 100e6;
  const line: Script = async (res) => {
    const some = Buffer.alloc(1e6, "a");
    res.write('data: {"choices":[{"delta":{"content":"');
    for (let sent = 0; sent < bytes && !res.destroyed; sent += some.length) {
      if (!res.write(some))
        await new Promise((resolve) => res.once("drain", resolve).once("close", resolve));
    }
    res.end(`"}}]}\n\n${ENDING}`);
  };

  it("in place of a first word is refused", async () => {
    upstream.script = (res, received) => line(startStream(res), received);
    const response = await door.ask(STREAMED, { signal: AbortSignal.timeout(60_000) });
    expect(response.status).toBe(502);
    expect(await ended()).toEqual({ outcomes: ["server_error"], reasons: ["garbage"] });
  });

  it("after it passes, and is not held", async () => {
    await door.close();
    door = await startDoor(upstream, {}, { chatTimeoutSeconds: 60 });
    upstream.script = (res, received) => {
      startStream(res).write(delta({ content: "a" }));
      return line(res, received);
    };
    const response = await door.ask(STREAMED);
    let most = 0;
    let received = 0;
    for await (const some of response.body!) {
      received += some.length;
      most = Math.max(most, door.admission.bytes);
    }
    expect(received).toBeGreaterThan(bytes);
    expect(most).toBeLessThan(4e6);
    expect(await ended()).toEqual({ outcomes: ["ok"], reasons: [] });
    expect(Object.values(await door.samples("gen_ai_client_token_usage_sum"))).toEqual([7, 3]);
  });
});

describe("a client's request that could be read in two ways", () => {
  const lines = (...more: string[]) =>
    [
      "POST /v1/chat/completions HTTP/1.1",
      "Host: localhost",
      "Content-Type: application/json",
      ...more,
    ].join("\r\n");
  it.each([
    ["two lengths", lines("Content-Length: 2", "Content-Length: 30") + "\r\n\r\n{}"],
    ["a length and chunks", lines("Content-Length: 2", CHUNKED) + "0\r\n\r\n"],
    ["two codings", lines("Transfer-Encoding: chunked, identity") + "\r\n\r\n0\r\n\r\n"],
    ["a space before the colon", lines("Content-Length : 2") + "\r\n\r\n{}"],
    ["chunks of no size", lines(CHUNKED) + "zz\r\n{}\r\n0\r\n\r\n"],
    ["chunks of too large a size", lines(CHUNKED) + "fffffffffffffffff\r\n{}"],
  ])("has %s, is refused and goes nowhere", async (_name, bytes) => {
    const socket = connect(door.port, "127.0.0.1");
    socket.write(bytes);
    expect(await text(socket)).toMatch(/^(HTTP\/1\.1 400 [^]*)?$/);
    expect(upstream.received).toEqual([]);
  });
});
