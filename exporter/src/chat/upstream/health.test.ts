import { afterEach, expect, it } from "@jest/globals";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../http/testing/test-server.ts";
import { chatBody, startDoor, type Door } from "./testing/door.ts";
import {
  answers,
  delta,
  ENDING,
  startScriptedUpstream,
  startStream,
  type ScriptedUpstream,
} from "./testing/scripted-upstream.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});
const opens = <T extends { close(): Promise<void> }>(one: T): T => {
  opened.push(one);
  return one;
};

const upstreamOn = async (port = 0): Promise<ScriptedUpstream> =>
  opens(await startScriptedUpstream(undefined, port));
const doorTo = async (...args: Parameters<typeof startDoor>): Promise<Door> =>
  opens(await startDoor(...args));

it("a server that is not there is 502, and is found within seconds when it comes", async () => {
  const gone = await startScriptedUpstream();
  await gone.close();
  const door = await doorTo(gone);
  expect(door.engine.ready).toBe(false);
  const response = await door.ask(chatBody());
  expect(response.status).toBe(502);
  const problem = (await response.json()) as { detail: string };
  expect(problem).toMatchObject({
    code: "upstream_unreachable",
    reason: "unreachable",
    error: { code: "upstream_unreachable" },
  });
  expect(problem.detail).toContain("ECONNREFUSED");
  expect((await fetch(`${door.url}/v1/models`)).status).toBe(502);
  expect(await door.samples("headroom_upstream_errors_total")).toEqual({
    'headroom_upstream_errors_total{reason="unreachable"}': 1,
  });
  await upstreamOn(gone.port);
  await until(() => door.engine.ready === true);
  // Its models have names from now on.
  await (await door.ask(chatBody())).text();
  expect(await door.samples("headroom_chat_requests_total")).toMatchObject({
    'headroom_chat_requests_total{operation="chat",model="tiny",outcome="ok"}': 1,
  });
});

it("a server that goes is missed with the first request, and the next one after it is back is answered", async () => {
  const upstream = await startScriptedUpstream();
  const door = await doorTo(upstream);
  expect(door.engine.ready).toBe(true);
  await (await door.ask(chatBody())).text();
  await upstream.close();
  expect((await door.ask(chatBody())).status).toBe(502);
  expect(door.engine.ready).toBe(false);
  await upstreamOn(upstream.port);
  expect((await door.ask(chatBody())).status).toBe(200);
  expect(door.engine.ready).toBe(true);
});

it.each<[string, string]>([
  ["no name", "http://nobody.invalid/"],
  ["TLS where none is spoken", "https:"],
])("a server with %s cannot be reached", async (_name, address) => {
  const upstream = await upstreamOn();
  const url = address === "https:" ? upstream.url.replace("http:", "https:") : address;
  const door = await doorTo({ url });
  const response = await door.ask(chatBody());
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ code: "upstream_unreachable" });
});

it("a server that takes a connection and says nothing of TLS is given up soon", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const door = await doorTo({ url: `https://127.0.0.1:${port}` }, { upstreamConnectSeconds: 0.2 });
  const response = await door.ask(chatBody());
  expect(await response.json()).toMatchObject({
    code: "upstream_unreachable",
    detail: expect.stringContaining("no connection within 0.2 s"),
  });
  silent.close();
});

it("a server that loads its model is not there yet, and one without a list of models is", async () => {
  const upstream = await upstreamOn();
  upstream.models = answers(503, { error: { message: "Loading model" } });
  const door = await doorTo(upstream);
  expect(door.engine.ready).toBe(false);
  upstream.models = answers(404, "Not Found", { "Content-Type": "text/plain" });
  await until(() => door.engine.ready === true);
});

it("a server is not asked for its models while it makes a text", async () => {
  const upstream = await upstreamOn();
  let looks = 0;
  const { models } = upstream;
  upstream.models = (...args) => {
    looks += 1;
    return models(...args);
  };
  const door = await doorTo(upstream);
  expect(looks).toBe(1);
  upstream.script = async (res) => {
    startStream(res);
    await sleep(7_000);
    res.end(delta({ content: "a" }) + ENDING);
  };
  await (await door.ask(chatBody({ stream: true }))).text();
  expect(looks).toBe(1);
  // And again when it has nothing to do.
  await until(() => looks > 1);
});

it.each<[string, unknown, string[]]>([
  ["what is no list", "<html>", []],
  ["null, as a server without models says it", { data: null }, []],
  ["names that are none", { data: [null, {}, { id: 7 }, { id: "" }, { id: "a".repeat(200) }] }, []],
  [
    "a hundred models, of which 32 have names",
    { data: Array.from({ length: 100 }, (_, i) => ({ id: `m${i}` })) },
    Array.from({ length: 32 }, (_, i) => `m${i}`),
  ],
])("a list of models that is %s", async (_name, list, names) => {
  const upstream = await upstreamOn();
  upstream.models = answers(200, list as object);
  const door = await doorTo(upstream);
  expect(door.engine.ready).toBe(true);
  for (const model of ["m0", "m31", "m32"]) await (await door.ask(chatBody({ model }))).text();
  const series = Object.keys(await door.samples("headroom_chat_streams_total")).length;
  expect(series).toBe(0);
  const counted = Object.entries(await door.samples("headroom_chat_requests_total"));
  const other = counted.find(([name]) => name.includes('model="other"'))![1];
  expect(other).toBe(names.length === 0 ? 3 : 1);
});
