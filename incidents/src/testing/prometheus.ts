import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startOwnServer, type OwnServer } from "./own-server.ts";

/**
 * Starts a Prometheus that scrapes nothing, with series of the past.
 *
 * @param openMetrics - samples with times, in OpenMetrics
 * @throws Error when promtool refuses the samples or Prometheus does not come up
 */
export async function startFilledPrometheus(openMetrics: string): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), "headroom-prometheus-"));
  const [samples, data, config] = ["samples", "data", "prometheus.yml"].map((n) => join(folder, n));
  await writeFile(samples!, openMetrics);
  await writeFile(config!, "scrape_configs: []\n");
  const promtool = process.env["HEADROOM_PROMTOOL"] ?? "promtool";
  await promisify(execFile)(promtool, [
    ...["tsdb", "create-blocks-from", "openmetrics", samples!, data!],
  ]);
  const program = process.env["HEADROOM_PROMETHEUS"] ?? "prometheus";
  return startOwnServer(program, {
    folder,
    args: [`--config.file=${config}`, `--storage.tsdb.path=${data}`],
  });
}
