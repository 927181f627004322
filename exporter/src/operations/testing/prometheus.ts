import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** A Prometheus that scrapes nothing and holds what a test gave it. */
export interface FilledPrometheus {
  readonly url: string;
  stop(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/**
 * Starts Prometheus with series of the past.
 *
 * @param openMetrics - samples with times, in OpenMetrics
 * @throws Error when promtool refuses the samples or Prometheus does not come up
 */
export async function startFilledPrometheus(openMetrics: string): Promise<FilledPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), "headroom-prometheus-"));
  const [samples, data, config] = ["samples", "data", "prometheus.yml"].map((n) => join(folder, n));
  await writeFile(samples!, openMetrics);
  await writeFile(config!, "scrape_configs: []\n");
  const promtool = process.env["HEADROOM_PROMTOOL"] ?? "promtool";
  await promisify(execFile)(promtool, [
    ...["tsdb", "create-blocks-from", "openmetrics", samples!, data!],
  ]);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.env["HEADROOM_PROMETHEUS"] ?? "prometheus",
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  const ended = once(child, "close");
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const end = performance.now() + PATIENCE_MS;
  while (!(await fetch(`${url}/-/ready`).catch(() => undefined))?.ok) {
    if (performance.now() > end || child.exitCode !== null) {
      await stop();
      throw new Error("Prometheus did not come up");
    }
    await sleep(50);
  }
  return { url, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
