import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { loadConfig } from "./config.ts";
import { startExporter, type Exporter } from "./exporter.ts";
import type { StatusAnswer } from "./status/answer.ts";

let exporter: Exporter;
beforeAll(async () => {
  const config = loadConfig({
    HEADROOM_PORT: "0",
    HEADROOM_SIMULATE: "true",
    HEADROOM_SIMULATE_PROFILE: "m2-16gb",
    HEADROOM_CHAT_QUEUE: "4",
  });
  exporter = await startExporter(config, pino({ level: "silent" }));
  while (!(await fetch(`${exporter.url}/readyz`)).ok);
});
afterAll(() => exporter.stop());

const post = (path: string, body: object) =>
  fetch(exporter.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const ask = (tokens: number) =>
  post("/v1/chat/completions", {
    ...{ model: "simulated", stream: true, max_tokens: tokens },
    messages: [{ role: "user", content: "Tell me" }],
  });

/** The value of a metric, of the series with these labels. */
async function valueOf(metric: string, ...labels: readonly string[]): Promise<number | undefined> {
  const text = await (await fetch(`${exporter.url}/metrics`)).text();
  const line = text
    .split("\n")
    .find((line) => line.split(/[{ ]/)[0] === metric && labels.every((one) => line.includes(one)));
  return line === undefined ? undefined : Number(line.split(" ").at(-1));
}

describe("the exporter before its own chat model", () => {
  it("has the model's series before its first request", async () => {
    const series = ['operation="chat"', 'model="simulated"', 'outcome="ok"'];
    expect(await valueOf("headroom_chat_requests_total", ...series)).toBe(0);
  });

  it("answers one client after the other, says how many wait, and refuses what is too much", async () => {
    const answers = Array.from({ length: 4 }, () => ask(40));
    while ((await valueOf("headroom_chat_queue_depth")) !== 3);
    expect(await valueOf("headroom_chat_requests_in_flight")).toBe(4);
    const refused = await ask(1);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    const status = await post("/v1/status/quick-status", { strategy: "speed" });
    expect(((await status.json()) as StatusAnswer).deadline.met).toBe(true);
    for (const answer of await Promise.all(answers))
      expect(await answer.text()).toContain("[DONE]");
    expect(await valueOf("headroom_chat_queue_depth")).toBe(0);
  });

  it("measures clients' answers apart from status answers'", async () => {
    const count = (operation: string) =>
      valueOf(
        "gen_ai_server_time_to_first_token_seconds_count",
        `gen_ai_operation_name="${operation}"`,
      );
    while ((await count("chat")) !== 4);
    expect((await count("status_summary")) ?? 0).toBeLessThan(2);
    const tokens = ['operation_name="chat"', 'token_type="output"'];
    expect(await valueOf("gen_ai_client_token_usage_sum", ...tokens)).toBe(160);
  });
});
