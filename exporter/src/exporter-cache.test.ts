import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { freePort } from "@headroom/alerts/testing/free-port";
import { pino } from "pino";
import { createClient } from "redis";
import { RedisServer } from "./cache/testing/redis-server.ts";
import { until } from "./cache/testing/until.ts";
import { loadConfig } from "./config.ts";
import { startExporter, type Exporter } from "./exporter.ts";

const SECRET = "xyzzyplugh";
const JAPANESE_SECRET = "秘密";
const MESSAGES = [`a lovely ${SECRET} film`, `awful, ${JAPANESE_SECRET}だ`];

let redis: RedisServer;
const exporters: Exporter[] = [];
async function start(): Promise<Exporter> {
  const config = loadConfig({
    HEADROOM_PORT: "0",
    HEADROOM_CHAT_MODEL: "none",
    HEADROOM_WORKERS: "1",
    HEADROOM_REDIS_URL: redis.url,
  });
  const exporter = await startExporter(config, pino({ level: "silent" }));
  exporters.push(exporter);
  return exporter;
}

beforeAll(async () => {
  redis = new RedisServer(await freePort());
  await redis.start();
});
afterAll(async () => {
  for (const exporter of exporters) await exporter.stop();
  await redis.kill();
});

interface Answer {
  readonly cached: boolean;
  readonly attribution: { readonly words: readonly { readonly text: string; value: number }[] };
}

async function ask({ url }: Exporter): Promise<Answer[]> {
  const response = await fetch(`${url}/v1/sentiment`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages: MESSAGES, attribution: "prefix" }),
  });
  return ((await response.json()) as { results: Answer[] }).results;
}

describe("answers that exporters share through Redis", () => {
  it("hold no text, and another exporter lists the words of the request", async () => {
    const client = createClient({ url: redis.url });
    await client.connect();
    const first = await ask(await start());
    let stored: string[] = [];
    await until(async () => {
      const keys = await client.keys("headroom:*");
      stored = [...keys, ...(await Promise.all(keys.map((key) => client.get(key))))].map(String);
      return keys.length === MESSAGES.length;
    });
    client.destroy();
    for (const text of stored) {
      for (const secret of [SECRET, JAPANESE_SECRET, "lovely", "\\u"]) {
        expect(text).not.toContain(secret);
      }
    }
    const second = await ask(await start());
    expect(second.map(({ cached }) => cached)).toEqual([true, true]);
    expect(second.map(({ attribution }) => attribution)).toEqual(
      first.map(({ attribution }) => attribution),
    );
    const words = second.map(({ attribution }) => attribution.words.map(({ text }) => text));
    expect(words[0]).toEqual(["a", "lovely", SECRET, "film"]);
    expect(words[1]!.join("")).toBe(MESSAGES[1]!.replaceAll(" ", ""));
  });
});
