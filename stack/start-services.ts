import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadConfig } from "@headroom/exporter/config";
import { inColumns } from "@headroom/loadtest/report/columns";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { ROOT, type RunFolder } from "./places.ts";
import { runQuietly } from "./processes/run.ts";
import {
  addressOf,
  ALERTMANAGER_PORT,
  alertmanagerService,
  type ExporterSettings,
  exporterService,
  INCIDENTS_PORT,
  incidentsService,
  PREVIEW_PORT,
  previewService,
  PROMETHEUS_PORT,
  prometheusService,
  REDIS_PORT,
  redisService,
} from "./services.ts";
import type { Session } from "./session.ts";
import { optionalTool } from "./tools/obtain.ts";
import type { Upstream } from "./upstream.ts";

/** Where the services of a run answer. */
export interface Addresses {
  /** The live page. */
  readonly page: string;
  readonly exporter: string;
  readonly incidents: string;
  readonly prometheus: string;
  /** Pages on which somebody sees alerts and queries: of Prometheus, else of the live page. */
  readonly alerts: string;
  readonly graph: string;
  /** Undefined when no Alertmanager is installed. */
  readonly alertmanager: string | undefined;
  /** Undefined when no Redis is installed. */
  readonly redis: string | undefined;
  /** The model server behind the exporter; undefined where its own chat model answers. */
  readonly upstream: string | undefined;
}

/** What a run is started with. */
export interface RunSettings extends ExporterSettings {
  /** Port of the exporter, or the next free one. */
  readonly port: number;
  readonly upstream?: Upstream | undefined;
}

/** Files of the programs that a run starts; Redis is looked for when it is started. */
export interface Programs {
  readonly prometheus: string;
  /** Without it, alerts are only shown. */
  readonly alertmanager?: string | undefined;
}

/**
 * Starts Redis if it is installed, the incidents process, the exporter, Alertmanager if there is
 * one, Prometheus and the live page.
 *
 * @throws Error with the end of its log when one does not become ready
 */
export async function startServices(
  session: Session,
  programs: Programs,
  { port, upstream, ...settings }: RunSettings,
): Promise<Addresses> {
  const { folder, troublesFile } = session;
  const redis = await startRedisIfPresent(session);
  // They name each other, so the ports of those that start later are known beforehand.
  const ports = {
    prometheus: await session.port("prometheus", PROMETHEUS_PORT),
    page: await session.port("the live page", PREVIEW_PORT),
    incidents: await session.port("incidents", INCIDENTS_PORT),
    exporter: await session.port("exporter", port),
  };
  const prometheus = addressOf(ports.prometheus);
  const page = addressOf(ports.page);
  const incidents = addressOf(ports.incidents);
  const exporter = addressOf(ports.exporter);
  const { limitsFile } = settings;
  const generated = await generate(session, { prometheus, page, incidents, exporter, limitsFile });

  const runFile = join(folder.path, "run.json");
  await session.start(incidentsService({ prometheusUrl: prometheus, runFile }, ports.incidents));
  const behind = { redisUrl: redis, upstreamUrl: upstream?.url };
  await session.start(exporterService({ ...behind, ...settings }, ports.exporter));
  const alertmanager =
    programs.alertmanager && (await startAlertmanager(session, programs.alertmanager, incidents));
  const watched = {
    ...{ port: ports.prometheus, exporter, incidents, alertmanager, page },
    upstreamMetrics: upstream?.metrics,
  };
  const ruleFile = join(generated, "prometheus", "rules", "headroom.yml");
  await session.start(
    await prometheusService(folder, programs.prometheus, { ...watched, ruleFile }),
  );
  const dashboards = join(generated, "grafana", "dashboards");
  await session.start(previewService({ port: ports.page, prometheus, troublesFile, dashboards }));
  const pages = (await prometheusPages(prometheus)) ?? pagesLike(page);
  const addresses = {
    ...{ page, exporter, incidents, prometheus, ...pages, alertmanager },
    // Of a Redis that was there before, the password is nobody's to read.
    redis: redis?.replace(/\/\/[^/]*@/, "//"),
  };
  // As incidents/src/runbook-in-run.ts reads it.
  const run = { addresses, graph: pages.graph, logs: join(folder.path, "logs") };
  await writeFile(runFile, JSON.stringify(run), { mode: 0o600 });
  return { ...addresses, upstream: upstream?.url };
}

const pagesLike = (base: string) => ({ alerts: `${base}/alerts`, graph: `${base}/graph` });

/**
 * Where a Prometheus shows pages: Debian's has none but the old ones below /classic, and one that was built
 * from its Go module none at all.
 */
export async function prometheusPages(prometheus: string) {
  for (const pages of [prometheus, `${prometheus}/classic`].map(pagesLike)) {
    if ((await Promise.all(Object.values(pages).map(isPage))).every(Boolean)) return pages;
  }
  return undefined;
}

async function isPage(address: string): Promise<boolean> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(PAGE_MS) }).catch(
    () => undefined,
  );
  await answer?.body?.cancel();
  return answer?.ok === true && /^text\/html/.test(answer.headers.get("content-type") ?? "");
}

/** A Prometheus that is ready has its pages at hand. */
const PAGE_MS = 5_000;

/**
 * Starts a Redis when one is installed and no other is configured by HEADROOM_REDIS_URL.
 *
 * @returns the address of the Redis to use, or undefined when there is none, which is told
 * @throws Error with the end of its log when it does not become ready
 */
export async function startRedisIfPresent(session: Session): Promise<string | undefined> {
  const configured = process.env["HEADROOM_REDIS_URL"];
  if (configured) return configured;
  const program = await optionalTool("redis-server", {
    activity: session.activity,
    signal: session.signal,
    say: session.say,
    look: true,
    without: "Answers are cached in memory only.",
  });
  if (program === undefined) return undefined;
  const port = await session.port("redis", REDIS_PORT);
  await session.start(await redisService(session.folder, program, port));
  return addressOf(port, "redis");
}

/**
 * Starts an Alertmanager for this run only.
 *
 * @returns its address
 * @throws Error with the end of its log when it does not become ready
 */
export async function startAlertmanager(
  session: Session,
  program: string,
  incidents: string,
): Promise<string> {
  const port = await session.port("alertmanager", ALERTMANAGER_PORT);
  await session.start(await alertmanagerService(session.folder, program, { port, incidents }));
  return addressOf(port);
}

/**
 * Writes rules and dashboards for this machine, with the links of this run, as `npm run generate`.
 *
 * @returns the folder that holds them
 */
async function generate(
  { folder, signal }: Session,
  run: Pick<Addresses, "prometheus" | "page" | "incidents" | "exporter"> & {
    readonly limitsFile: string | undefined;
  },
): Promise<string> {
  const { prometheus, page, incidents, exporter, limitsFile } = run;
  const out = join(folder.path, "provisioning");
  const { memoryBytes } = loadConfig(process.env);
  await runQuietly(
    process.execPath,
    [
      join(ROOT, "provisioning", "generate.ts"),
      ...["--out", out, "--memory", `${memoryBytes}B`, "--prometheus", prometheus],
      ...["--exporter", new URL(exporter).host, "--incidents", new URL(incidents).host],
      ...["--runbooks", `${incidents}/runbooks`, "--dashboards", page],
      ...(limitsFile === undefined ? [] : ["--limits", limitsFile]),
    ],
    { signal },
  );
  return out;
}

/** Where the services of a run answer and log, one a line; the report names its own files. */
export function whereEverythingIs(addresses: Addresses, folder: RunFolder): string {
  const { page, exporter, incidents, prometheus, alerts, graph } = addresses;
  const { alertmanager, redis, upstream } = addresses;
  const hasPages = graph.startsWith(prometheus);
  const lines: readonly (readonly [string, string])[] = [
    ["Live page", `${page}/?from=now-3m&refresh=2s`],
    ["Status page", `${exporter}/`],
    ["Exporter", `${exporter}/v1/sentiment`],
    ["Chat API", `${exporter}/v1/chat/completions${upstream ? ` -> ${upstream}` : ""}`],
    ["Limits", `${exporter}/v1/limits`],
    ["Metrics", `${exporter}/metrics`],
    ["Prometheus", hasPages ? prometheus : `${prometheus}/api/v1/targets`],
    ["Queries", graph],
    ["Alerts", alerts],
    ["Alertmanager", alertmanager ?? "none installed; alerts are only shown, by Prometheus"],
    ["Runbooks", `${incidents}/runbooks`],
    ["Redis", redis ?? "none installed; answers are cached in memory only"],
    ["Logs", join(folder.path, "logs")],
  ];
  return inColumns(lines, screenOn());
}
