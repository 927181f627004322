import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadConfig } from "@headroom/exporter/config";
import { alertmanagerConfig, PROMPT_PACE } from "@headroom/provisioning/alertmanager";
import {
  prometheusConfig,
  type PrometheusSettings,
  type UpstreamTarget,
} from "@headroom/provisioning/prometheus";
import { ROOT } from "./places.ts";
import type { Service } from "./processes/kept-service.ts";
import { httpProbe, portProbe } from "./processes/probes.ts";

// The programs of a run, each as what to start. They listen on this machine only.

/** The ports that the services take when they are free. */
export const EXPORTER_PORT = 9700;
export const PREVIEW_PORT = 9701;
export const INCIDENTS_PORT = 9702;
export const PROMETHEUS_PORT = 9090;
export const ALERTMANAGER_PORT = 9093;
export const REDIS_PORT = 6379;

/** A run lasts minutes, so it is watched more closely than a service that stays. */
const SCRAPE_SECONDS = 1;

/** What an orderly end of the exporter takes beyond the time to drain, in seconds. */
const FREEING_SECONDS = 2;

/** The address of what listens on a port of this machine. */
export const addressOf = (port: number, scheme = "http") => `${scheme}://127.0.0.1:${port}`;

/** What of the exporter's configuration a run sets; the rest comes from the environment. */
export interface ExporterSettings {
  readonly redisUrl?: string | undefined;
  /** Path of a GGUF; without it, HEADROOM_MODEL or the embedded model. */
  readonly model?: string | undefined;
  /** As in HEADROOM_CHAT_MODEL, which holds without it. */
  readonly chatModel?: string | undefined;
  readonly simulate?: boolean | undefined;
  /** As in HEADROOM_UPSTREAM_URL, which holds without it. */
  readonly upstreamUrl?: string | undefined;
  /** As in HEADROOM_LIMITS_FILE, which holds without it. */
  readonly limitsFile?: string | undefined;
  /** Further HEADROOM_* variables. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

/**
 * The built exporter.
 *
 * @param own - the environment that holds where the settings say nothing
 */
export function exporterService(
  settings: ExporterSettings,
  port: number,
  own = process.env,
): Service {
  const { redisUrl, model, chatModel, simulate, upstreamUrl, limitsFile, variables } = settings;
  const env: NodeJS.ProcessEnv = {
    ...own,
    HEADROOM_HOST: "127.0.0.1",
    HEADROOM_PORT: String(port),
    ...(redisUrl !== undefined && { HEADROOM_REDIS_URL: redisUrl }),
    ...(model !== undefined && { HEADROOM_MODEL: model }),
    ...(chatModel !== undefined && { HEADROOM_CHAT_MODEL: chatModel }),
    ...(simulate && { HEADROOM_SIMULATE: "true" }),
    ...(upstreamUrl !== undefined && { HEADROOM_UPSTREAM_URL: upstreamUrl }),
    ...(limitsFile !== undefined && { HEADROOM_LIMITS_FILE: limitsFile }),
    ...variables,
  };
  // Neither k6 nor Prometheus of this run knows the token.
  delete env["HEADROOM_TOKEN"];
  return {
    name: "exporter",
    command: process.execPath,
    // Else the space for young objects grows to 64 MB under load, which is also slower: it is cold memory.
    args: ["--max-semi-space-size=4", join(ROOT, "exporter", "dist", "main.js")],
    cwd: ROOT,
    env,
    probe: httpProbe(`${addressOf(port)}/readyz`),
    // A model of some GB may load from a slow disk.
    limitSeconds: 120,
    graceMs: 1000 * (drainSeconds(env) + FREEING_SECONDS),
  };
}

/**
 * Seconds that requests get to finish.
 *
 * @throws ConfigError when HEADROOM_DRAIN_SECONDS is wrong
 */
export function drainSeconds(env: NodeJS.ProcessEnv): number {
  return loadConfig({ HEADROOM_DRAIN_SECONDS: env["HEADROOM_DRAIN_SECONDS"] }).drainSeconds;
}

/** What of the incidents process's configuration a run sets; the rest comes from the environment. */
interface IncidentsSettings {
  /** Address of the run's Prometheus, which may start later. */
  readonly prometheusUrl?: string | undefined;
  /** Where it keeps incidents; HEADROOM_INCIDENTS_FOLDER or the checkout's own folder without it. */
  readonly folder?: string | undefined;
  /** File of the run, which may be written later. */
  readonly runFile?: string | undefined;
}

/**
 * The built incidents process.
 *
 * @param own - the environment that holds where the settings say nothing
 */
export function incidentsService(
  { prometheusUrl, folder, runFile }: IncidentsSettings,
  port: number,
  own = process.env,
): Service {
  const env: NodeJS.ProcessEnv = {
    ...own,
    HEADROOM_INCIDENTS_HOST: "127.0.0.1",
    HEADROOM_INCIDENTS_PORT: String(port),
    ...(prometheusUrl !== undefined && { HEADROOM_INCIDENTS_PROMETHEUS_URL: prometheusUrl }),
    ...(folder !== undefined && { HEADROOM_INCIDENTS_FOLDER: folder }),
    ...(runFile !== undefined && { HEADROOM_INCIDENTS_RUN_FILE: runFile }),
  };
  // Neither Alertmanager nor Prometheus of this run knows the token.
  delete env["HEADROOM_INCIDENTS_TOKEN"];
  return {
    name: "incidents",
    command: process.execPath,
    args: [join(ROOT, "incidents", "dist", "main.js")],
    cwd: ROOT,
    env,
    probe: httpProbe(`${addressOf(port)}/readyz`),
    limitSeconds: 30,
  };
}

/** Redis for one run: nothing is saved, and the oldest answers go when it is full. */
export async function redisService(
  runFolder: { readonly path: string },
  program: string,
  port: number,
): Promise<Service> {
  const folder = join(runFolder.path, "redis");
  await mkdir(folder, { recursive: true });
  return {
    name: "redis",
    command: program,
    args: [
      ...["--bind", "127.0.0.1", "--port", String(port), "--dir", folder],
      ...["--save", "", "--appendonly", "no"],
      ...["--maxmemory", "128mb", "--maxmemory-policy", "allkeys-lru"],
    ],
    probe: portProbe(port),
    limitSeconds: 15,
  };
}

/** Where Prometheus of a run listens, what it reads, and which services it speaks to. */
export interface PrometheusPlace {
  readonly port: number;
  /** Address like http://127.0.0.1:9700; of each in a fleet. */
  readonly exporter: string | readonly string[];
  readonly incidents: string;
  /** Undefined when alerts are only to be shown. */
  readonly alertmanager?: string | undefined;
  /** Where a model server shows metrics of its own; undefined where it shows none. */
  readonly upstreamMetrics?: string | undefined;
  readonly ruleFile: string;
  /** The live page, which shows the queries that alerts link; Prometheus itself when absent. */
  readonly page?: string | undefined;
  /** Between two scrapes and between two evaluations; a second when absent. */
  readonly intervalSeconds?: number | undefined;
  readonly remoteWrite?: PrometheusSettings["remoteWrite"];
}

/**
 * A Prometheus that scrapes the exporter and the incidents process, evaluates the rules, sends
 * alerts to Alertmanager, and takes what k6 sends; its configuration is written.
 */
export async function prometheusService(
  runFolder: { readonly path: string },
  program: string,
  place: PrometheusPlace,
): Promise<Service> {
  const { port, exporter, incidents, alertmanager, upstreamMetrics, ruleFile } = place;
  const interval = `${1000 * (place.intervalSeconds ?? SCRAPE_SECONDS)}ms`;
  const folder = join(runFolder.path, "prometheus");
  const configuration = join(folder, "prometheus.yml");
  await mkdir(folder, { recursive: true });
  await writeFile(
    configuration,
    prometheusConfig({
      scrapeInterval: interval,
      evaluationInterval: interval,
      exporter: [exporter].flat().map((one) => new URL(one).host),
      incidents: new URL(incidents).host,
      remoteWrite: place.remoteWrite,
      ...(alertmanager && { alertmanager: new URL(alertmanager).host }),
      ...(upstreamMetrics && { upstream: scrapeTarget(upstreamMetrics) }),
      ruleFiles: [ruleFile],
    }),
  );
  return {
    name: "prometheus",
    command: program,
    args: [
      `--config.file=${configuration}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-remote-write-receiver",
      ...(place.page === undefined
        ? []
        : [`--web.external-url=${place.page}`, "--web.route-prefix=/"]),
      `--storage.tsdb.path=${join(folder, "data")}`,
    ],
    cwd: folder,
    probe: httpProbe(`${addressOf(port)}/-/ready`),
    limitSeconds: 60,
  };
}

/** What Prometheus calls the parts of an address; its host always has a port. */
function scrapeTarget(address: string): UpstreamTarget {
  const { protocol, hostname, port, pathname } = new URL(address);
  const scheme = protocol === "https:" ? ("https" as const) : ("http" as const);
  return {
    host: `${hostname}:${port || { http: 80, https: 443 }[scheme]}`,
    path: pathname,
    scheme,
  };
}

/** An Alertmanager that tells the run's incidents process of alerts at once. */
export async function alertmanagerService(
  runFolder: { readonly path: string },
  program: string,
  { port, incidents }: { readonly port: number; readonly incidents: string },
): Promise<Service> {
  const folder = join(runFolder.path, "alertmanager");
  const configuration = join(folder, "alertmanager.yml");
  await mkdir(folder, { recursive: true });
  const settings = { incidents: new URL(incidents).host, pace: PROMPT_PACE };
  await writeFile(configuration, alertmanagerConfig(settings));
  return {
    name: "alertmanager",
    command: program,
    args: [
      `--config.file=${configuration}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      // It has no peers, and would listen on every address for some.
      "--cluster.listen-address=",
    ],
    cwd: folder,
    probe: httpProbe(`${addressOf(port)}/-/ready`),
    limitSeconds: 30,
  };
}

/** The server of the preview page, which shows dashboards without Grafana. */
export function previewService(place: {
  readonly port: number;
  readonly prometheus: string;
  /** JSON file of services that are, or were, not there. */
  readonly troublesFile: string;
  /** Folder of dashboards in Grafana's JSON. */
  readonly dashboards: string;
}): Service {
  const { port, prometheus, troublesFile, dashboards } = place;
  return {
    name: "preview",
    command: process.execPath,
    args: [
      ...[join(ROOT, "grafana-plugin", "preview", "serve.ts")],
      ...["--port", String(port), "--prometheus", prometheus],
      ...["--scrape-interval", String(SCRAPE_SECONDS)],
      ...["--dashboards", dashboards],
      ...["--troubles", troublesFile],
    ],
    cwd: ROOT,
    probe: httpProbe(addressOf(port)),
    limitSeconds: 30,
  };
}
