import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import { freePort } from "@headroom/alerts/testing/free-port";
import { assessFleetRun } from "@headroom/loadtest/kubernetes/fleet-run";
import { nameOf, testRun } from "@headroom/loadtest/kubernetes/test-run";
import { profile as profileOf } from "@headroom/loadtest/plan/profiles";
import { parseMetrics } from "@headroom/loadtest/report/prometheus-text";
import { renderTerminal } from "@headroom/loadtest/run";
import { K6 } from "@headroom/loadtest/testing/k6-program";
import { startSimulatedExporter } from "@headroom/loadtest/testing/simulated-exporter";
import { startStandIn } from "@headroom/loadtest/testing/stand-in";
import { PrometheusReader } from "../maintenance/prometheus-reader.ts";
import { ROOT } from "../places.ts";
import { startProcess, waitUntilReady } from "../processes/process.ts";

const { signal } = new AbortController();
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/**
 * Runs a TestRun as k6-operator does: a k6 for each pod, with a segment of the whole, and tags of its own.
 *
 * @param targets - the exporter that each pod reaches, since there is no balancer here
 */
async function play(
  run: ReturnType<typeof testRun>,
  targets: readonly string[],
  writeUrl?: string,
): Promise<readonly (number | null)[]> {
  const { parallelism: pods, script, runner } = run.spec;
  const env = Object.fromEntries(
    runner.env.flatMap((one) => ("value" in one ? [[one.name, one.value] as const] : [])),
  );
  const sequence = Array.from({ length: pods + 1 }, (_, i) => `${i}/${pods}`).join(",");
  return Promise.all(
    targets.map(async (target, i) => {
      const child = spawn(
        K6,
        [
          ...["run", "--quiet", "--address=", `--execution-segment=${i}/${pods}:${i + 1}/${pods}`],
          ...[`--execution-segment-sequence=${sequence}`, "--tag", `instance_id=${i + 1}`],
          ...["--tag", `testrun_name=${run.metadata.name}`],
          ...(writeUrl === undefined ? [] : ["--out", "experimental-prometheus-rw"]),
          join(ROOT, script.localFile.replace("/headroom/", "")),
        ],
        {
          env: {
            ...{ PATH: process.env["PATH"], ...env, HEADROOM_TARGET: target },
            ...{ HEADROOM_ALLOW_REMOTE: "", K6_PROMETHEUS_RW_SERVER_URL: writeUrl ?? "" },
          },
          stdio: "ignore",
        },
      );
      const [code] = (await once(child, "close")) as [number | null];
      return code;
    }),
  );
}

describe("a load that several k6 share", () => {
  it("sends every message once", async () => {
    const messages: string[] = [];
    const standIn = await startStandIn((_path, body) => {
      messages.push(...(JSON.parse(body) as { messages: string[] }).messages);
      return { body: "{}", status: 503 };
    });
    stops.push(standIn.stop);
    const profile = profileOf("throughput", 3);
    const run = testRun({ profile, pods: 4, firstMessage: 1_000 });
    // An answer is no part of it: 503 is a refusal, and no threshold ends a pod.
    expect(await play(run, Array(4).fill(standIn.url))).toEqual([0, 0, 0, 0]);
    expect(messages.length).toBeGreaterThan(1_000);
    expect(new Set(messages).size).toBe(messages.length);
  });

  it("is assessed as a whole by what Prometheus holds", async () => {
    // The second one is slower and fails some; no mean of the two says what the whole does.
    const exporters = await Promise.all([
      startSimulatedExporter(),
      startSimulatedExporter({
        HEADROOM_SIMULATE_LATENCY_MS: "120",
        HEADROOM_SIMULATE_ERROR_RATIO: "0.5",
      }),
    ]);
    stops.push(...exporters.map(({ stop }) => stop));
    const urls = exporters.map(({ url }) => url);
    const prometheus = await startPrometheus(urls);
    const since = Date.now() / 1_000;
    const profile = profileOf("throughput", 8);
    const run = testRun({ profile, pods: 2, firstMessage: 1_000 });
    expect(await play(run, urls, `${prometheus}/api/v1/write`)).toEqual([0, 0]);
    // The last scrape, and the last of what k6 sends.
    await sleep(4_000);
    const now = Date.now() / 1_000;
    const reader = new PrometheusReader(prometheus, signal);
    const report = await assessFleetRun(reader, { profile, since, now, firstMessage: 1_000 });

    const counted = await Promise.all(urls.map(outcomesOf));
    const [ok, failed] = ["ok", "server_error"].map((outcome) =>
      counted.reduce((sum, outcomes) => sum + (outcomes[outcome] ?? 0), 0),
    ) as [number, number];
    expect(failed).toBeGreaterThan(0);
    expect(report.fleet).toEqual({ exporters: 2, pods: 2 });
    const { sentiment, exporter } = report.measurements;
    expect(exporter).toBe("stayed");
    // What clients saw adds up to exactly what the exporters counted.
    expect(sentiment).toMatchObject({ requests: ok + failed, failed, wellMeant: ok + failed });
    expect(sentiment!.messages.answered).toBe(128 * ok);
    expect(sentiment!.errorRatio).toBeCloseTo(failed / (ok + failed), 9);
    expect(sentiment!.attribution!.entropy.mean).toBeCloseTo(await entropyOf(urls), 9);
    expect(sentiment!.latency.mean).toBeGreaterThan(0);
    expect(sentiment!.latency.mean).toBeLessThan(sentiment!.latency.p95);
    // Prometheus extrapolates to the ends of the time, so its own counts are near.
    expect(sentiment!.server.outcomes["ok"]! / ok).toBeCloseTo(1, 0);
    expect(sentiment!.latency.p95).toBeGreaterThan(0.12);
    const verdict = report.verdicts.find(
      ({ limit }) => limit.id === "error_ratio" && limit.severity === "warning",
    );
    expect(verdict).toMatchObject({ status: failed / (ok + failed) >= 0.05 ? "broken" : "within" });
    const files = { json: "report.json", markdown: "report.md" };
    const text = renderTerminal({ ...report, files });
    expect(text).toContain("Load of 2 pods on 2 exporters");
    expect(text).toContain("Errors");

    await expect(
      assessFleetRun(reader, { profile: profileOf("mixed"), since, now }),
    ).rejects.toThrow(/no run of headroom-mixed/);
  });
});

describe("a profile that pods cannot share", () => {
  it.each([
    ["breakpoint", 2, /looks for a limit/],
    ["baseline", 2, /1 user, who cannot be shared by 2 pods/],
    ["mixed", 0, /pods are 1 to 100/],
    ["mixed", 1.5, /pods are 1 to 100/],
  ])("%s on %p is refused", (name, pods, why) => {
    expect(() => testRun({ profile: profileOf(name), pods, firstMessage: 0 })).toThrow(why);
    expect(nameOf(profileOf(name))).toBe(`headroom-${name}`);
  });
});

/** The mean over the messages of all exporters, which sent as many of each kind. */
async function entropyOf(urls: readonly string[]): Promise<number> {
  const pages = await Promise.all(urls.map(async (url) => (await fetch(`${url}/metrics`)).text()));
  const total = (what: string) =>
    pages
      .flatMap(parseMetrics)
      .filter(({ name }) => name === `attribution_entropy_nats_${what}`)
      .reduce((sum, { value }) => sum + value, 0);
  return total("sum") / total("count");
}

async function outcomesOf(url: string): Promise<Record<string, number>> {
  const samples = parseMetrics(await (await fetch(`${url}/metrics`)).text());
  const outcomes: Record<string, number> = {};
  for (const { name, labels, value } of samples) {
    const outcome = labels["outcome"];
    if (name !== "sentiment_requests_total" || outcome === undefined) continue;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + value;
  }
  return outcomes;
}

/** @returns the address of one that scrapes these exporters every second, with the labels of a cluster */
async function startPrometheus(urls: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "headroom-fleet-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const file = join(folder, "prometheus.yml");
  const targets = urls.map((one, i) => ({
    targets: [new URL(one).host],
    labels: { pod: `headroom-${i}`, namespace: "headroom" },
  }));
  // YAML can be written as JSON.
  const configuration = {
    global: { scrape_interval: "1s" },
    scrape_configs: [{ job_name: "headroom", static_configs: targets }],
  };
  await writeFile(file, JSON.stringify(configuration));
  const service = await startProcess({
    name: "prometheus",
    command: process.env["HEADROOM_PROMETHEUS"] ?? "prometheus",
    args: [
      ...[`--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`],
      ...[`--storage.tsdb.path=${join(folder, "data")}`, "--web.enable-remote-write-receiver"],
    ],
    logFile: join(folder, "prometheus.log"),
  });
  stops.push(async () => {
    await service.stop();
    await rm(folder, { recursive: true });
  });
  // What the exporters counted before their first scrape would not be of the run.
  const reader = new PrometheusReader(url, signal);
  const seesAll = async () => (await reader.value("sum(up)", Date.now() / 1_000)) === urls.length;
  await waitUntilReady(service, seesAll, { limitSeconds: 60, signal });
  return url;
}
