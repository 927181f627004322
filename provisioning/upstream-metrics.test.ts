import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { freePort } from "@headroom/alerts/testing/free-port";
import { prometheusConfig, UPSTREAM_FILE } from "./prometheus.ts";
import { prometheusRules } from "./rule-file.ts";
import { EXPOSITIONS } from "./testing/upstream-expositions.ts";

/** What shows metrics of a server, and of another exporter, as a chain of two would. */
const OF_AN_EXPORTER =
  'headroom_upstream_up 0\nprocess_start_time_seconds 1\nup{job="headroom"} 1\n';

let folder: string;
let servers: readonly Server[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-upstream-"));
  servers = await Promise.all(
    EXPOSITIONS.map(async ({ text }) => {
      const server = createServer((req, res) => {
        res.setHeader("content-type", "text/plain; version=0.0.4; charset=utf-8");
        res.writeHead(req.url === "/metrics" ? 200 : 404).end(text + OF_AN_EXPORTER);
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
});
afterAll(async () => {
  for (const server of servers) server.close();
  await rm(folder, { recursive: true });
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Asks a Prometheus with the generated configuration and rules, until `done`. */
async function withPrometheus<T>(
  name: string,
  upstream: Parameters<typeof prometheusConfig>[0]["upstream"],
  use: (ask: (query: string) => Promise<readonly Sample[]>) => Promise<T | undefined>,
): Promise<T> {
  const own = join(folder, name);
  await mkdir(own, { recursive: true });
  const port = await freePort();
  await writeFile(join(own, "rules.yml"), prometheusRules({}));
  await writeFile(
    join(own, "prometheus.yml"),
    prometheusConfig({
      ...{ exporter: "127.0.0.1:9", incidents: "127.0.0.1:9" },
      ...{ scrapeInterval: "500ms", evaluationInterval: "500ms", ruleFiles: ["rules.yml"] },
      ...(upstream && { upstream }),
    }),
  );
  const child = spawn(
    process.env["HEADROOM_PROMETHEUS"] ?? "prometheus",
    [
      `--config.file=${join(own, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(own, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  const ended = once(child, "exit");
  try {
    for (;;) {
      const found = await use((query) => ask(port, query)).catch(() => undefined);
      if (found !== undefined) return found;
      if (child.exitCode !== null) throw new Error(`Prometheus ended with code ${child.exitCode}`);
      await sleep(200);
    }
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

async function ask(port: number, query: string): Promise<readonly Sample[]> {
  const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`;
  const { data } = (await (await fetch(url)).json()) as { data: { result: Sample[] } };
  return data.result;
}

const LABELS = { job: "headroom", instance: "127.0.0.1:9" };

describe("a Prometheus that scrapes a model server", () => {
  it.concurrent.each(
    EXPOSITIONS.map((exposition, i) => [exposition.server, exposition, i] as const),
  )(
    "records what %s tells by names of its own, under the exporter's address",
    async (_server, { kvCache, running, waiting }, i) => {
      const upstream = { host: `127.0.0.1:${portOf(servers[i]!)}` };
      const found = await withPrometheus(String(i), upstream, async (query) => {
        const told = await query('{__name__=~"upstream:.+"}');
        return told.length >= (kvCache === undefined ? 2 : 3) ? told : undefined;
      });
      const values = found.map(({ metric: { __name__: name = "", ...labels }, value }) => {
        expect(labels).toEqual(LABELS);
        return [name, Number(value[1])];
      });
      expect(Object.fromEntries(values)).toEqual({
        ...(kvCache !== undefined && { "upstream:kv_cache_usage:ratio": kvCache }),
        "upstream:requests_running": running,
        "upstream:requests_waiting": waiting,
      });
    },
  );

  it("keeps nothing else of it: another exporter would be taken for the one before it", async () => {
    const upstream = { host: `127.0.0.1:${portOf(servers[0]!)}` };
    const names = await withPrometheus("kept", upstream, async (query) => {
      const told = await query('count by (__name__) ({job="upstream", __name__!~"upstream:.+"})');
      const kept = told.map(({ metric }) => metric["__name__"] ?? "");
      return kept.includes("vllm:num_requests_running") ? kept : undefined;
    });
    expect(names).not.toContain("headroom_upstream_up");
    expect(names).not.toContain("process_start_time_seconds");
  });

  it("takes the address from a file, and does not miss the file", async () => {
    const before = await withPrometheus("file", { file: UPSTREAM_FILE }, async (query) => {
      const scraped = await query("up");
      return scraped.length === 2 ? scraped : undefined;
    });
    expect(before.map(({ metric }) => metric["job"]).sort()).toEqual([
      "headroom",
      "headroom-incidents",
    ]);
    const targets = [{ targets: [`127.0.0.1:${portOf(servers[0]!)}`] }];
    await writeFile(join(folder, "file", UPSTREAM_FILE), JSON.stringify(targets));
    const [running] = await withPrometheus("file", { file: UPSTREAM_FILE }, async (query) => {
      const told = await query("upstream:requests_running");
      return told.length > 0 ? told : undefined;
    });
    expect(running?.metric).toMatchObject(LABELS);
  });
});
