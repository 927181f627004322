import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { prometheusConfig } from "../../provisioning/prometheus.ts";
import { ROOT } from "../places.ts";
import { httpProbe } from "../processes/readiness.ts";
import type { Session } from "../session.ts";

/** The port that Prometheus takes when it is free. */
export const PROMETHEUS_PORT = 9090;
const READY_SECONDS = 60;

/** A run lasts minutes, so it is watched more closely than a service. */
export const SCRAPE_SECONDS = 1;
const INTERVAL = `${SCRAPE_SECONDS}s`;

/** Where Prometheus of a run listens, and which parts it speaks to. */
export interface PrometheusPlace {
  /** A port that the run keeps for it. */
  readonly port: number;
  /** Address like http://127.0.0.1:9700. */
  readonly exporter: string;
  /** Undefined when alerts are only to be shown. */
  readonly alertmanager?: string | undefined;
}

/**
 * Starts a Prometheus that scrapes the exporter, evaluates the generated rules, sends alerts to
 * Alertmanager, and takes what k6 sends.
 *
 * @returns its address, like http://127.0.0.1:9090
 * @throws Error with the end of its log when it does not become ready
 */
export async function startPrometheus(
  session: Session,
  program: string,
  { port, exporter, alertmanager }: PrometheusPlace,
): Promise<string> {
  const folder = join(session.folder.path, "prometheus");
  await mkdir(folder, { recursive: true });
  const configuration = join(folder, "prometheus.yml");
  await writeFile(
    configuration,
    prometheusConfig({
      scrapeInterval: INTERVAL,
      evaluationInterval: INTERVAL,
      exporter: new URL(exporter).host,
      ...(alertmanager && { alertmanager: new URL(alertmanager).host }),
      ruleFiles: [join(ROOT, "provisioning", "prometheus", "rules", "*.yml")],
    }),
  );
  const url = `http://127.0.0.1:${port}`;
  await session.start({
    name: "prometheus",
    command: program,
    args: [
      `--config.file=${configuration}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-remote-write-receiver",
      `--storage.tsdb.path=${join(folder, "data")}`,
    ],
    cwd: folder,
    probe: httpProbe(`${url}/-/ready`),
    limitSeconds: READY_SECONDS,
  });
  return url;
}
