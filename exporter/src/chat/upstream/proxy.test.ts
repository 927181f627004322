import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../http/testing/test-server.ts";
import { chatBody, startDoor, type Door } from "./testing/door.ts";
import {
  answers,
  delta,
  ENDING,
  startScriptedUpstream,
  startStream,
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

const TOKEN = "open-sesame-open";
const STREAMED = chatBody({ stream: true });

/** Asks with headers that fetch would not send. */
async function askPlainly(headers: Record<string, string>): Promise<Record<string, unknown>> {
  const sent = request(`${door.url}/v1/chat/completions`, {
    method: "POST",
    agent: false,
    headers: { "Content-Type": "application/json", ...headers },
  });
  sent.end(JSON.stringify(chatBody()));
  const [answer] = await once(sent, "response");
  answer.resume();
  return answer.headers;
}

describe("headers", () => {
  it("of the client are passed on but for those of its connection, its cookies and its host", async () => {
    await askPlainly({
      Connection: "close, X-Hop",
      "X-Hop": "1",
      "Keep-Alive": "timeout=5",
      TE: "trailers",
      "Proxy-Authorization": "Basic eDp5",
      Upgrade: "h2c",
      Cookie: "session=1",
      "Accept-Encoding": "gzip, br",
      Expect: "100-continue",
      "OpenAI-Organization": "o1",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    });
    const { headers } = upstream.received[0]!;
    expect(headers).toEqual({
      host: `127.0.0.1:${upstream.port}`,
      connection: "keep-alive",
      "content-type": "application/json",
      "content-length": String(JSON.stringify(chatBody()).length),
      "accept-encoding": "identity",
      via: "1.1 headroom",
      "openai-organization": "o1",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    });
  });

  it("of the answer are passed on but for those of its connection and its cookies", async () => {
    upstream.script = answers(200, WHOLE, {
      Connection: "X-Hop",
      "X-Hop": "1",
      "Keep-Alive": "timeout=99",
      "Set-Cookie": "session=1",
      "Alt-Svc": 'h2=":1"',
      "X-Ratelimit-Remaining": "3",
    });
    const headers = await askPlainly({});
    expect(headers).toMatchObject({ "x-ratelimit-remaining": "3" });
    for (const name of ["x-hop", "set-cookie", "alt-svc"]) expect(headers).not.toHaveProperty(name);
    expect(headers["keep-alive"]).not.toBe("timeout=99");
  });

  it.each<
    [string, { token?: string; upstreamKey?: string }, string | undefined, string | undefined]
  >([
    ["the client's own passes", {}, "Bearer theirs", "Bearer theirs"],
    ["Headroom's token does not", { token: TOKEN }, `Bearer ${TOKEN}`, undefined],
    ["the server's key takes the place of any", { upstreamKey: "k" }, "Bearer theirs", "Bearer k"],
    ["also of the token", { token: TOKEN, upstreamKey: "k" }, `Bearer ${TOKEN}`, "Bearer k"],
    ["and of none", { upstreamKey: "k" }, undefined, "Bearer k"],
  ])("that authorize: %s", async (_name, config, sent, got) => {
    await door.close();
    door = await startDoor(upstream, config);
    const headers = sent === undefined ? {} : { Authorization: sent };
    expect((await door.ask(chatBody(), { headers })).status).toBe(200);
    expect(upstream.received[0]!.headers.authorization).toBe(got);
    expect(JSON.stringify(upstream.received[0]!.rawHeaders)).not.toContain(TOKEN);
  });
});

describe("a client that goes away", () => {
  it.each(["before the first word", "after it"])("%s ends the request there", async (when) => {
    upstream.script = (res) => {
      startStream(res).write(when === "after it" ? delta({ content: "a" }) : ": ping\n\n");
    };
    const aborting = new AbortController();
    const asked = door.ask(STREAMED, { signal: aborting.signal });
    if (when === "after it") await asked;
    await until(() => upstream.received.length === 1);
    aborting.abort();
    await asked.catch(() => {});
    await upstream.received[0]!.closed;
    await until(() => door.admission.requests === 0);
    expect(await door.samples("headroom_")).toMatchObject({
      'headroom_chat_requests_total{operation="chat",model="tiny",outcome="aborted"}': 1,
    });
    expect(await door.samples("headroom_upstream_errors_total")).toEqual({});
  });

  it("while it sends its body never reaches the server", async () => {
    const socket = connect(door.port, "127.0.0.1");
    socket.write(
      "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
        'Content-Length: 100\r\n\r\n{"model"',
    );
    await until(() => door.admission.requests === 1);
    socket.destroy();
    await until(() => door.admission.requests === 0);
    expect(upstream.received).toEqual([]);
  });
});

describe("a client that does not read", () => {
  it("makes the server wait, and the exporter holds little", async () => {
    let written = 0;
    let waits = false;
    upstream.script = async (res) => {
      startStream(res);
      const piece = delta({ content: "a".repeat(50_000) });
      while (written < 200e6 && !res.destroyed) {
        written += piece.length;
        if (res.write(piece)) continue;
        waits = true;
        await Promise.race([once(res, "drain"), once(res, "close")]);
        waits = false;
      }
    };
    const socket = connect(door.port, "127.0.0.1");
    const body = JSON.stringify(STREAMED);
    socket.write(
      "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    await once(socket, "readable");
    let before = -1;
    while (before !== written || !waits) {
      before = written;
      await sleep(200);
    }
    // What the buffers of three connections take.
    expect(written).toBeLessThan(50e6);
    expect(door.admission.bytes).toBeLessThan(1e6);
    socket.destroy();
    await upstream.received[0]!.closed;
  });
});

describe("kept connections", () => {
  it("are used again", async () => {
    for (let i = 0; i < 5; i++) await (await door.ask(chatBody())).text();
    expect(await upstream.connections()).toBe(1);
  });

  it("that are closed in the moment of a request cost nothing: it is sent once more", async () => {
    let requests = 0;
    const server = createServer((req, res) => {
      requests += 1;
      if (requests % 2 === 0 && req.method === "POST") return void req.socket.destroy();
      res.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(WHOLE));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const own = await startDoor({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
    requests = 0;
    expect((await own.ask(chatBody())).status).toBe(200);
    expect((await own.ask(chatBody())).status).toBe(200);
    expect(requests).toBe(3);
    await own.close();
    server.close();
    server.closeAllConnections();
  });

  it("on which a server speaks unasked are not used again", async () => {
    const text = (word: string) => {
      const body = JSON.stringify({ ...WHOLE, id: word });
      return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    };
    let asked = 0;
    const server = createTcpServer((socket: Socket) => {
      socket.on("error", () => {});
      socket.on("data", async () => {
        socket.write(text(`right-${++asked}`));
        await sleep(20);
        if (!socket.destroyed) socket.write(text("poison"));
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const own = await startDoor({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
    for (let i = 0; i < 4; i++) {
      expect(await (await own.ask(chatBody())).text()).toContain("right");
      // Once a request is on its way, whatever comes is its answer: HTTP/1.1 knows no other.
      await sleep(200);
    }
    await own.close();
    server.close();
  });
});

it("knows the server by an address with and without /v1, and below a path", async () => {
  for (const path of ["/v1", "/v1/", "/", "/api/v1"]) {
    const own = await startDoor({ url: upstream.url + path });
    expect((await own.ask(chatBody())).status).toBe(200);
    await own.close();
  }
  expect(upstream.received.map((one) => one.path)).toEqual([
    ...Array(3).fill("/v1/chat/completions"),
    "/api/v1/chat/completions",
  ]);
});

it("sends a stream's words as they come", async () => {
  let say: (text: string) => void = () => {};
  upstream.script = (res) => {
    startStream(res);
    say = (text) => void res.write(text);
  };
  const asked = door.ask(STREAMED);
  await until(() => upstream.received.length === 1);
  await sleep(10);
  for (const word of ["One", "two", "three"]) {
    say(delta({ content: word }));
    const reader = (await asked).body!.getReader();
    expect(Buffer.from((await reader.read()).value!).toString()).toBe(delta({ content: word }));
    reader.releaseLock();
  }
  say(ENDING);
});
