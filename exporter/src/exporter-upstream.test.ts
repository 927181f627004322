import { afterAll, beforeAll, expect, it } from "@jest/globals";
import OpenAI from "openai";
import { pino } from "pino";
import { loadConfig } from "./config.ts";
import type { HardwareReport } from "./hardware/report.ts";
import { startExporter, type Exporter } from "./exporter.ts";

const silent = pino({ level: "silent" });

/** Another exporter stands for the model server. */
let upstream: Exporter;
let exporter: Exporter;
beforeAll(async () => {
  upstream = await startExporter(
    loadConfig({ HEADROOM_PORT: "0", HEADROOM_SIMULATE: "true" }),
    silent,
  );
  exporter = await startExporter(
    loadConfig({
      HEADROOM_PORT: "0",
      HEADROOM_CHAT_MODEL: "none",
      HEADROOM_UPSTREAM_URL: `${upstream.url}/v1`,
    }),
    silent,
  );
});
afterAll(() => exporter.stop());

const json = async (path: string) => (await fetch(exporter.url + path)).json();
const gauge = async (series: string) => {
  const page = await (await fetch(`${exporter.url}/metrics`)).text();
  const line = page.split("\n").find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.split(" ")[1]);
};

it("passes chat on to it, and measures what it does", async () => {
  const client = new OpenAI({ apiKey: "none", baseURL: `${exporter.url}/v1` });
  const [model] = (await client.models.list()).data;
  const stream = await client.chat.completions.create({
    model: model!.id,
    messages: [{ role: "user", content: "How is this machine?" }],
    max_tokens: 16,
    stream: true,
    stream_options: { include_usage: true },
  });
  let pieces = 0;
  for await (const { choices } of stream) pieces += choices[0]?.delta.content ? 1 : 0;
  expect(pieces).toBeGreaterThan(0);
  const labels = `operation="chat",model="${model!.id}",outcome="ok"`;
  expect(await gauge(`headroom_chat_requests_total{${labels}}`)).toBe(1);
  expect(await gauge("headroom_upstream_up")).toBe(1);
  expect(await gauge("headroom_chat_requests_in_flight")).toBe(0);
  expect(await gauge("headroom_chat_queue_depth")).toBeUndefined();
});

it("shows the memory of the server's processes beside what the machine has", async () => {
  const used = 'headroom_memory_used_bytes{scope="upstream"}';
  // It is this very process, and its children.
  while (((await gauge(used)) ?? 0) < 20e6);
  const capacity = (scope: string) => gauge(`headroom_memory_capacity_bytes{scope="${scope}"}`);
  expect(await capacity("upstream")).toBe(await capacity("system"));
  const { memory } = (await json("/v1/hardware")) as HardwareReport;
  expect(memory!.scopes.upstream!.usedBytes).toBeGreaterThan(20e6);
});

it("is ready, and degraded while the server is gone", async () => {
  expect(await json("/readyz")).toMatchObject({ state: "ready", parts: { chat: "ready" } });
  await upstream.stop();
  const response = await fetch(`${exporter.url}/v1/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect(response.status).toBe(502);
  const readiness = await fetch(`${exporter.url}/readyz`);
  expect(readiness.status).toBe(200);
  expect(await readiness.json()).toMatchObject({
    state: "degraded",
    parts: { chat: "the model server does not answer" },
  });
  expect(await gauge("headroom_upstream_up")).toBe(0);
});
