import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { platform, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { limit, type Limit, MEMORY_FRACTION, memoryLimits } from "@headroom/alerts/limits";
import { loadConfig } from "./config.ts";
import { startExporter, type Exporter } from "./exporter.ts";
import type { HardwareReport } from "./hardware/report.ts";
import type { StatusAnswer } from "./status/answer.ts";
import type { SentimentAnswer } from "./http/routes/sentiment.ts";

const PROMTOOL = process.env["HEADROOM_PROMTOOL"] ?? "promtool";
const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

let exporter: Exporter;
beforeAll(async () => {
  const config = loadConfig({ HEADROOM_PORT: "0", HEADROOM_CHAT_MODEL: "none" });
  exporter = await startExporter(config, pino({ level: "silent" }));
});
afterAll(() => exporter.stop());

async function ask(
  messages: readonly string[],
  attribution = "prefix",
  headers: Record<string, string> = {},
): Promise<SentimentAnswer["results"]> {
  const response = await fetch(`${exporter.url}/v1/sentiment`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ messages, attribution }),
  });
  expect(response.status).toBe(200);
  const body = (await response.json()) as SentimentAnswer;
  return body.results;
}

describe("limits of one's own", () => {
  it("are told, and edges of the histograms lie on them", async () => {
    const folder = await mkdtemp(join(tmpdir(), "headroom-own-"));
    const file = join(folder, "mine.json");
    await writeFile(
      file,
      JSON.stringify({
        first_token_p95: { warning: 1.25, critical: 30 },
        output_token_p95: { warning: 0.125 },
        latency_p95: { critical: 0.8 },
        attribution_sparsity: { warning: 0.15 },
        status_urgent_check: { warning: 1.75 },
      }),
    );
    const own = await startExporter(
      loadConfig({ HEADROOM_PORT: "0", HEADROOM_SIMULATE: "true", HEADROOM_LIMITS_FILE: file }),
      pino({ level: "silent" }),
    );
    try {
      const answer = await fetch(`${own.url}/v1/limits`);
      const { limits } = (await answer.json()) as { limits: Limit[] };
      expect(limit("first_token_p95", "critical", limits)).toMatchObject({ upper: 30 });
      const { data } = (await (await fetch(`${own.url}/v1/models`)).json()) as {
        data: { id: string }[];
      };
      await fetch(`${own.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          model: data[0]?.id,
          messages: [{ role: "user", content: "Say something." }],
          stream: true,
        }),
      }).then((streamed) => streamed.text());
      const page = await (await fetch(`${own.url}/metrics`)).text();
      expect(page).toMatch(/headroom_limit\{limit="first_token_p95",severity="critical".*\} 30\n/);
      for (const [histogram, edge] of [
        ["gen_ai_server_time_to_first_token_seconds", 1.25],
        ["gen_ai_server_time_to_first_token_seconds", 30],
        ["gen_ai_server_time_per_output_token_seconds", 0.125],
        ["sentiment_request_duration_seconds", 0.8],
        ["attribution_sparsity_ratio", 0.15],
        ["headroom_status_duration_seconds", 1.75],
      ] as const) {
        expect(page).toMatch(new RegExp(`${histogram}_bucket\\{[^}]*le="${edge}"`));
      }
    } finally {
      await own.stop();
      await rm(folder, { recursive: true });
    }
  });
});

describe("the memory that the exporter tells of", () => {
  const json = async (path: string) => (await fetch(`${exporter.url}${path}`)).json();

  it("is this machine's, and the limits are the smaller of their bytes and its share", async () => {
    const { memory, plan, advice } = (await json("/v1/hardware")) as HardwareReport;
    const { system, process } = memory!.scopes;
    expect(system!.capacityBytes).toBe(totalmem());
    expect(process!.usedBytes).toBeGreaterThan(20e6);
    if (platform() === "linux") expect(memory!.source).toBe("smaps_rollup");
    const { limits } = (await json("/v1/limits")) as { limits: Limit[] };
    const own = memoryLimits("warning", limits).find(({ scope }) => scope === "system");
    expect(own?.upper).toBe(Math.min(33.6e9, MEMORY_FRACTION.warning * totalmem()));
    // No chat model is wanted here, so nothing is said of one.
    expect(plan).toBeUndefined();
    expect(JSON.stringify(advice)).not.toContain("chat");
  });

  it("is the same in the metrics, the limits and the answers", async () => {
    const page = await (await fetch(`${exporter.url}/metrics`)).text();
    const value = (series: string) =>
      Number(
        page
          .split("\n")
          .find((line) => line.startsWith(`${series} `))
          ?.split(" ")[1],
      );
    expect(value('headroom_memory_capacity_bytes{scope="system"}')).toBe(totalmem());
    const limit = 'limit="memory",severity="critical",bound="upper",scope="system"';
    expect(value(`headroom_limit{${limit}}`)).toBe(
      Math.min(40.8e9, MEMORY_FRACTION.critical * totalmem()),
    );
    const used = value('headroom_memory_used_bytes{scope="system"}');
    const response = await fetch(`${exporter.url}/v1/status/memory-status`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    const { findings } = (await response.json()) as StatusAnswer;
    const told = findings.find(({ kind }) => kind === "memory")!.values;
    expect(told.find(({ name }) => name === "total")!.value).toBe(totalmem());
    // Seconds apart, beside other tests.
    expect(told.find(({ name }) => name === "used")!.value / used).toBeGreaterThan(0.5);
    expect(told.find(({ name }) => name === "used")!.value / used).toBeLessThan(2);
  });
});

describe("the exporter with its own model", () => {
  it("tells praise from complaint", async () => {
    const [good, bad] = await ask([
      "I love this, it is wonderful",
      "boring, awful, a waste of time",
    ]);
    expect([good!.label, bad!.label]).toEqual(["positive", "negative"]);
    expect(good!.probability).toBeGreaterThan(0.5);
    expect(good!.probability).toBeCloseTo(1 / (1 + Math.exp(-good!.score)), 9);
  });

  it("shows the words as they were written, with attributions that sum to the score", async () => {
    const message = "LOVED it!! The best film :) — çok güzel &amp; 😀";
    const [[prefix], [empty]] = await Promise.all([ask([message]), ask(["zzyzx"])]);
    expect(prefix!.attribution!.words!.map(({ text }) => text)).toEqual(message.split(" "));
    expect(empty).toMatchObject({ label: "neutral", score: 0 });
    const [first] = await ask([message.split(" ")[0]!]);
    const sum = prefix!.attribution!.words!.reduce((total, { value }) => total + value, 0);
    const bias = first!.score - first!.attribution!.words![0]!.value;
    expect(sum).toBeCloseTo(prefix!.score - bias, 4);
  });

  it("gives occlusion values that equal the score's change when the word is left out", async () => {
    const words = "a truly wonderful but sometimes tedious film".split(" ");
    const [whole] = await ask([words.join(" ")], "occlusion");
    const parts = words.map((_, i) => words.toSpliced(i, 1).join(" "));
    const scores = (await ask(parts, "none")).map(({ score }) => score);
    whole!.attribution!.words!.forEach(({ value }, i) =>
      expect(value).toBeCloseTo(whole!.score - scores[i]!, 4),
    );
  });

  it("answers no evidence for emoji without a feeling and for unknown words", async () => {
    for (const message of ["🪑🪑", "xyzzy plugh"]) {
      expect((await ask([message]))[0]).toMatchObject({
        label: "neutral",
        score: 0,
        attribution: { entropy: null, sparsity: null, undefinedReason: "no_known_word" },
      });
    }
  });

  it("answers from the cache the second time, unless the client forbids it", async () => {
    const message = [`a lovely film, ${Date.now()}`];
    const [first] = await ask(message);
    const [second] = await ask(message);
    const [fresh] = await ask(message, "prefix", { "cache-control": "no-store" });
    expect([first!.cached, second!.cached, fresh!.cached]).toEqual([false, true, false]);
    expect({ ...second, cached: false }).toEqual(first);
    expect(fresh!.score).toBeCloseTo(first!.score, 4);
  });

  it("answers status requests from the findings alone, and readyz says what is missing", async () => {
    const ready = await fetch(`${exporter.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      parts: { status: expect.stringMatching(/^missing: .*HEADROOM_CHAT_MODEL/) },
    });
    const metrics = await (await fetch(`${exporter.url}/metrics`)).text();
    expect(metrics.match(/^headroom_model_ready.*$/gm)).toEqual([
      'headroom_model_ready{task="sentiment"} 1',
    ]);
    const response = await fetch(`${exporter.url}/v1/status/quick-status`, {
      method: "POST",
      headers: { "content-type": "application/json" },
    });
    expect(await response.json()).toMatchObject({ engine: "none", fallback: "no_model" });
  });

  it("serves metrics that promtool finds nothing wrong with", async () => {
    await ask(["a wonderful film", "x"], "occlusion");
    const metrics = await (await fetch(`${exporter.url}/metrics`)).text();
    const promtool = spawn(PROMTOOL, ["check", "metrics"]);
    promtool.stdin.end(metrics);
    const [out, err, [code]] = await Promise.all([
      text(promtool.stdout),
      text(promtool.stderr),
      once(promtool, "close") as Promise<[number]>,
    ]);
    expect({ out, err, code }).toEqual({ out: "", err: "", code: 0 });
  });
});

describe("the exporter's command line", () => {
  const run = async (args: string[], env: Record<string, string> = {}) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...process.env, HEADROOM_PORT: "0", ...env },
    });
    const [out, err, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close") as Promise<[number]>,
    ]);
    return { out, err, code };
  };

  it("lists every variable with --help", async () => {
    const { out, code } = await run(["--help"]);
    expect(code).toBe(0);
    expect(out).toContain("HEADROOM_QUEUE_MESSAGES");
  });

  it("exits 2 and names each wrong value", async () => {
    const { err, code } = await run([], { HEADROOM_PORT: "70000", HEADROOM_WORKERS: "many" });
    expect(code).toBe(2);
    expect(err).toMatch(/HEADROOM_PORT="70000"[^]*HEADROOM_WORKERS="many"/);
  });

  it("ends by itself when it is interrupted", async () => {
    const child = spawn(process.execPath, [MAIN, "--simulate"], {
      env: { ...process.env, HEADROOM_PORT: "0" },
    });
    let log = "";
    for await (const chunk of child.stdout) {
      log += chunk;
      if (log.includes('"listening"')) break;
    }
    const closed = once(child, "close");
    child.kill("SIGINT");
    expect(await closed).toEqual([0, null]);
  });
});
