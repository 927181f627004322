import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import { HeadroomError } from "../errors.ts";
import type { AppParts } from "./app.ts";
import { ClientGone } from "./request-body.ts";
import { startTestServer, type TestServer, until } from "./testing/test-server.ts";

let server: TestServer;
afterEach(() => server.close());

async function start(overrides: Partial<AppParts> = {}): Promise<TestServer> {
  server = await startTestServer(overrides);
  return server;
}

const messages = (count: number): { messages: string[] } => ({
  messages: Array.from({ length: count }, () => "good"),
});

describe("overload", () => {
  it("refuses messages beyond the bound with 503 and Retry-After, and takes them later", async () => {
    await start({ queueMessages: 10 });
    const release = server.analyser.hold();
    const first = server.post(messages(8));
    await until(() => server.analyser.calls.length === 1);

    const refused = await server.post(messages(3));
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: "overloaded", limit: 10, unit: "messages" });
    expect(server.analyser.calls).toHaveLength(1);

    const fits = server.post(messages(2));
    await until(() => server.analyser.calls.length === 2);
    release();
    expect((await first).status).toBe(200);
    expect((await fits).status).toBe(200);
    expect((await server.post(messages(10))).status).toBe(200);
    expect((await server.outcomes(4)).sort()).toEqual(["ok", "ok", "ok", "refused"]);
  });

  it("bounds the requests in work before their bodies are read", async () => {
    await start({ queueMessages: 2 });
    const slow = [server.open(), server.open()];
    for (const { socket } of slow) {
      socket.write("POST /v1/sentiment HTTP/1.1\r\nHost: localhost\r\n");
      socket.write("Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
    }
    await until(() => server.drain.inFlight === 2);
    const refused = await server.post(messages(1));
    expect(await refused.json()).toMatchObject({ code: "overloaded", unit: "requests" });
    for (const { socket } of slow) socket.destroy();
    await server.outcomes(3);
    expect((await server.post(messages(1))).status).toBe(200);
  });

  it("lets one request through that alone is above the bound", async () => {
    await start({ queueMessages: 10 });
    expect((await server.post(messages(128))).status).toBe(200);
  });

  it("that the analyser finds is refused in the same way", async () => {
    await start();
    server.analyser.failure = new HeadroomError("overloaded", "The queue is full; come back.");
    const refused = await server.post(messages(1));
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await server.outcomes(1)).toEqual(["refused"]);
    expect(server.logged).toEqual([]);
  });
});

describe("a request that takes too long", () => {
  it("is ended with 504, stops its work and frees its place", async () => {
    await start({ requestTimeoutSeconds: 0.05, queueMessages: 3 });
    const release = server.analyser.hold();
    const late = await server.post({ ...messages(3), attribution: "prefix" });
    expect(late.status).toBe(504);
    expect(await late.json()).toMatchObject({ code: "deadline_exceeded" });
    expect(server.analyser.calls[0]?.options.signal.aborted).toBe(true);
    release();
    expect((await server.post(messages(3))).status).toBe(200);
    expect(await server.outcomes(2)).toEqual(["deadline", "ok"]);
    expect(server.observed[0]).toMatchObject({ attribution: "prefix" });
  });
});

describe("a client that goes away while it waits", () => {
  it("stops the work, is observed once as aborted, and nothing is logged", async () => {
    await start({ queueMessages: 5 });
    const release = server.analyser.hold();
    const client = new AbortController();
    const gone = server.post(messages(5), { signal: client.signal });
    await until(() => server.analyser.calls.length === 1);
    client.abort();
    await expect(gone).rejects.toThrow();
    expect(await server.outcomes(1)).toEqual(["aborted"]);
    expect(server.analyser.calls[0]?.options.signal.reason).toBeInstanceOf(ClientGone);
    release();
    expect((await server.post(messages(5))).status).toBe(200);
    expect(await server.outcomes(2)).toEqual(["aborted", "ok"]);
    expect(server.logged).toEqual([]);
  });

  it("leaves nothing behind when many do", async () => {
    await start({ queueMessages: 64 });
    const release = server.analyser.hold();
    for (let round = 1; round <= 5; round++) {
      const client = new AbortController();
      const requests = Array.from({ length: 64 }, () =>
        server.post(messages(1), { signal: client.signal }).catch(() => undefined),
      );
      await until(() => server.analyser.calls.length === 64 * round);
      client.abort();
      await Promise.all(requests);
      await server.outcomes(64 * round);
    }
    release();
    expect(new Set(server.observed.map((request) => request.outcome))).toEqual(
      new Set(["aborted"]),
    );
    expect((await server.post(messages(64))).status).toBe(200);
  });
});

describe("draining", () => {
  it("finishes what is in flight, refuses what is new, then closes", async () => {
    await start();
    const release = server.analyser.hold();
    const first = server.post(messages(1));
    await until(() => server.analyser.calls.length === 1);
    const stopped = server.drain.stop(server.server, 20);

    const refused = await server.post(messages(1));
    expect(refused.status).toBe(503);
    expect(refused.headers.get("connection")).toBe("close");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: "draining" });
    const ready = await fetch(`${server.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ ready: false, parts: { http: "draining" } });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.url}/metrics`)).status).toBe(200);

    release();
    const finished = await first;
    expect(finished.status).toBe(200);
    expect(finished.headers.get("connection")).toBe("close");
    expect(await stopped).toEqual({ cutOff: 0 });
    expect(await server.outcomes(2)).toEqual(["refused", "ok"]);
    await expect(server.post(messages(1))).rejects.toThrow();
  });

  it("tells those that do not finish in time, and ends slow uploads and idle connections", async () => {
    await start();
    server.analyser.hold();
    const stuck = server.post(messages(1));
    const upload = server.open();
    upload.socket.write("POST /v1/sentiment HTTP/1.1\r\nHost: localhost\r\n");
    upload.socket.write("Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
    const idle = server.open();
    await until(() => server.analyser.calls.length === 1 && server.drain.inFlight === 2);
    expect(await server.drain.stop(server.server, 0.0105)).toEqual({ cutOff: 2 });
    expect((await stuck).status).toBe(503);
    expect(server.analyser.calls[0]?.options.signal.aborted).toBe(true);
    await Promise.all([upload.ended, idle.ended]);
    expect((await server.outcomes(2)).sort()).toEqual(["aborted", "refused"]);
  });

  it("answers who sends on an open connection in that moment, and says that it ends", async () => {
    await start();
    const { socket, ended } = server.open();
    const request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.write(request);
    await once(socket, "data");
    const stopped = server.drain.stop(server.server, 5);
    // Nothing was in flight, so only the connection keeps the server from its end.
    await sleep(50);
    socket.write(request);
    expect((await ended).match(/HTTP\/1\.1 \d+|Connection: [\w-]+/g)).toEqual([
      "HTTP/1.1 200",
      "Connection: keep-alive",
      "HTTP/1.1 200",
      "Connection: close",
    ]);
    expect(await stopped).toEqual({ cutOff: 0 });
  });

  it("happens once, however often it is asked for", async () => {
    await start();
    const first = server.drain.stop(server.server, 5);
    expect(server.drain.stop(server.server, 0)).toBe(first);
    expect(await first).toEqual({ cutOff: 0 });
  });
});
