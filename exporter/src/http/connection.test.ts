import { afterEach, describe, expect, it } from "@jest/globals";
import type { AppParts } from "./app.ts";
import { startTestServer, type TestServer, until } from "./testing/test-server.ts";

let server: TestServer;
afterEach(() => server.close());

async function start(overrides: Partial<AppParts> = {}): Promise<TestServer> {
  server = await startTestServer(overrides);
  return server;
}

const head = (...headers: string[]): string =>
  [
    "POST /v1/sentiment HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    ...headers,
    "",
    "",
  ].join("\r\n");
const BODY = '{"messages":["good"]}';

describe("an upload", () => {
  it("that is too slow gets 408 and loses its connection", async () => {
    await start({ requestTimeoutSeconds: 0.05 });
    const { socket, ended } = server.open();
    socket.write(`${head("Content-Length: 100")}{"messages":`);
    const answer = await ended;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"request_timeout"');
    expect(await server.outcomes(1)).toEqual(["client_error"]);
  });

  it("that breaks off is observed once as aborted and frees its place", async () => {
    await start({ queueMessages: 1 });
    const { socket } = server.open();
    socket.write(`${head("Content-Length: 100")}{"messages":`);
    await until(() => server.drain.inFlight === 1);
    socket.destroy();
    expect(await server.outcomes(1)).toEqual(["aborted"]);
    expect((await server.post(BODY)).status).toBe(200);
    expect(await server.outcomes(2)).toEqual(["aborted", "ok"]);
    expect(server.logged).toEqual([]);
  });

  it("may come in single bytes and chunks", async () => {
    await start();
    const { socket, ended } = server.open();
    socket.setNoDelay(true).write(head("Transfer-Encoding: chunked", "Connection: close"));
    for (const byte of BODY) {
      socket.write(`1\r\n${byte}\r\n`);
      await new Promise(setImmediate);
    }
    socket.write("0\r\n\r\n");
    expect(await ended).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("may end its side of the connection before the answer", async () => {
    await start();
    const { socket, ended } = server.open();
    socket.end(`${head(`Content-Length: ${BODY.length}`)}${BODY}`);
    expect(await ended).toMatch(/^HTTP\/1\.1 200 /);
    expect(await server.outcomes(1)).toEqual(["ok"]);
  });

  it("that announces too much is refused before it is sent", async () => {
    await start();
    const { socket, ended } = server.open();
    socket.write(head("Content-Length: 99999999999", "Connection: close"));
    expect(await ended).toMatch(/^HTTP\/1\.1 413 /);
    expect(await server.outcomes(1)).toEqual(["client_error"]);
  });

  it("that grows too large in chunks is refused while it is sent", async () => {
    await start();
    const { socket, ended } = server.open();
    socket.write(head("Transfer-Encoding: chunked", "Connection: close"));
    const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
    for (let i = 0; i < 100; i++) socket.write(chunk);
    expect(await ended).toMatch(/^HTTP\/1\.1 413 /);
    expect(await server.outcomes(1)).toEqual(["client_error"]);
  });

  it("with a broken chunk is ended and observed once", async () => {
    await start();
    const { socket, ended } = server.open();
    socket.write(`${head("Transfer-Encoding: chunked")}zz\r\n`);
    expect(await ended).toMatch(/^HTTP\/1\.1 400 .*"code":"malformed_http"/s);
    expect(await server.outcomes(1)).toEqual(["aborted"]);
  });
});

describe("one connection", () => {
  it("carries many requests, each observed", async () => {
    await start();
    const { socket, ended } = server.open();
    const one = `${head(`Content-Length: ${BODY.length}`)}${BODY}`;
    const bad = `${head("Content-Length: 2")}{}`;
    const last = `${head(`Content-Length: ${BODY.length}`, "Connection: close")}${BODY}`;
    socket.write(one + bad + one + last);
    const statuses = [...(await ended).matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]);
    expect(statuses).toEqual(["200", "400", "200", "200"]);
    expect(await server.outcomes(4)).toEqual(["ok", "client_error", "ok", "ok"]);
  });
});

describe("bytes that are not HTTP", () => {
  it.each([
    ["another protocol", "\x16\x03\x01\x02\x00hello\r\n\r\n", 400, "malformed_http"],
    ["two lengths", head("Content-Length: 1", "Content-Length: 2"), 400, "malformed_http"],
    [
      "a length and chunks",
      head("Content-Length: 1", "Transfer-Encoding: chunked"),
      400,
      "malformed_http",
    ],
    ["large headers", head(`X-Large: ${"x".repeat(20_000)}`), 431, "headers_too_large"],
  ])("(%s) are answered with a problem", async (_name, bytes, status, code) => {
    await start();
    const { socket, ended } = server.open();
    socket.write(bytes);
    const answer = await ended;
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain(`"code":"${code}"`);
    expect(server.observed).toEqual([]);
  });
});

describe("an address that is taken", () => {
  it("is named with what to change", async () => {
    await start();
    const { listen } = await import("./server.ts");
    const options = { host: "127.0.0.1", port: server.port, requestTimeoutSeconds: 1 };
    const second = listen(() => {}, options);
    await expect(second).rejects.toThrow(/port \d+: the port is taken; set HEADROOM_PORT/);
  });
});
