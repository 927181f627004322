import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "@headroom/alerts/testing/free-port";

/** What a Prometheus does beside scraping itself. */
export interface MoreToDo {
  /** An exporter that it scrapes every second as the job `headroom`; host:port. */
  readonly exporter: string;
  /** An incidents process that it scrapes too; host:port. */
  readonly incidents: string;
  /** A model server behind the exporter that it scrapes as the job `upstream`; host:port. */
  readonly upstream: string;
  /** A file of rules that it evaluates every second. */
  readonly rules: string;
}

/** A Prometheus that scrapes itself every second. */
export interface OwnPrometheus {
  readonly url: string;
  readonly port: number;
  readonly stop: () => Promise<void>;
  /** Lets it answer nobody any more, though it still listens, until it is let go on. */
  readonly freeze: (frozen: boolean) => void;
}

const PATIENCE_MS = 40_000;

/**
 * Starts Prometheus, and waits until it has scraped itself a few times.
 *
 * @param least scrapes to wait for
 * @param wantedPort instead of a free one
 * @param more an exporter and rules
 * @param past samples with times that it begins with, in OpenMetrics
 * @throws Error with what Prometheus said when it does not come up
 */
export async function startPrometheus(
  least = 3,
  wantedPort?: number,
  more?: MoreToDo,
  past?: string,
): Promise<OwnPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), "headroom-preview-"));
  const port = wantedPort ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const file = join(folder, "prometheus.yml");
  await writeFile(file, configuration(port, more));
  if (past !== undefined) await fill(folder, past);
  const child = spawn(
    process.env["HEADROOM_PROMETHEUS"] ?? "prometheus",
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = once(child, "close");
  const stop = async () => {
    child.kill("SIGKILL");
    await ended.catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([
      scraped(url, least),
      ended.then(() => Promise.reject(new Error("it ended"))),
    ]);
    const freeze = (frozen: boolean) => void child.kill(frozen ? "SIGSTOP" : "SIGCONT");
    return { url, port, stop, freeze };
  } catch (error) {
    await stop();
    throw new Error(`Prometheus did not come up (${(error as Error).message}):\n${said}`);
  }
}

async function fill(folder: string, openMetrics: string): Promise<void> {
  const samples = join(folder, "samples");
  await writeFile(samples, openMetrics);
  await promisify(execFile)(process.env["HEADROOM_PROMTOOL"] ?? "promtool", [
    ...["tsdb", "create-blocks-from", "openmetrics", samples, join(folder, "data")],
  ]);
}

function configuration(port: number, more?: MoreToDo): string {
  const job = (name: string, target: string) =>
    `  - job_name: ${name}\n    static_configs: [{ targets: ["${target}"] }]\n`;
  return (
    "global: { scrape_interval: 1s, evaluation_interval: 1s }\n" +
    (more ? `rule_files: [${JSON.stringify(more.rules)}]\n` : "") +
    `scrape_configs:\n${job("prometheus", `127.0.0.1:${port}`)}` +
    (more
      ? job("headroom", more.exporter) +
        job("headroom-incidents", more.incidents) +
        job("upstream", more.upstream) +
        // As npm run generate writes it: both are looked at together.
        `    relabel_configs: [{ target_label: instance, replacement: "${more.exporter}" }]\n`
      : "")
  );
}

async function scraped(url: string, least: number): Promise<void> {
  const query = new URLSearchParams({ query: `count_over_time(up[5m]) >= ${least}` });
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const answer = await fetch(`${url}/api/v1/query?${query}`).catch(() => undefined);
    const body = answer?.ok
      ? ((await answer.json()) as { data: { result: unknown[] } })
      : undefined;
    if (body && body.data.result.length > 0) return;
    await sleep(200);
  }
  throw new Error("it scraped nothing");
}
