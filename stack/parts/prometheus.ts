import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RuleOptions } from "@headroom/alerts/rules/options";
import { prometheusConfig, prometheusRules } from "@headroom/provisioning/prometheus";
import { httpProbe } from "../processes/readiness.ts";
import type { Session } from "../session.ts";

/** The port that Prometheus takes when it is free. */
export const PROMETHEUS_PORT = 9090;
const READY_SECONDS = 60;

/** A run lasts minutes, so it is watched more closely than a service. */
export const SCRAPE_SECONDS = 1;

/** Where Prometheus of a run listens, and which parts it speaks to. */
export interface PrometheusPlace {
  /** A port that the run keeps for it. */
  readonly port: number;
  /** Address like http://127.0.0.1:9700. */
  readonly exporter: string;
  readonly incidents: string;
  /** Undefined when alerts are only to be shown. */
  readonly alertmanager?: string | undefined;
  /** What the run's rules differ in from the committed ones, such as the address of runbooks. */
  readonly rules: Partial<RuleOptions>;
  /** Between two scrapes and between two evaluations; {@link SCRAPE_SECONDS} when absent. */
  readonly intervalSeconds?: number;
}

/**
 * Starts a Prometheus that scrapes the exporter and the incidents process, evaluates the rules, sends alerts to Alertmanager,
 * and takes what k6 sends.
 *
 * @returns its address, like http://127.0.0.1:9090
 * @throws Error with the end of its log when it does not become ready
 */
export async function startPrometheus(
  session: Session,
  program: string,
  place: PrometheusPlace,
): Promise<string> {
  const { port, exporter, incidents, alertmanager, intervalSeconds = SCRAPE_SECONDS } = place;
  const interval = `${1000 * intervalSeconds}ms`;
  const folder = join(session.folder.path, "prometheus");
  await mkdir(folder, { recursive: true });
  const configuration = join(folder, "prometheus.yml");
  await writeFile(join(folder, "rules.yml"), prometheusRules(place.rules));
  await writeFile(
    configuration,
    prometheusConfig({
      scrapeInterval: interval,
      evaluationInterval: interval,
      exporter: new URL(exporter).host,
      incidents: new URL(incidents).host,
      ...(alertmanager && { alertmanager: new URL(alertmanager).host }),
      ruleFiles: ["rules.yml"],
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
