import { limitsFor } from "@headroom/alerts/limits";
import { loadConfig } from "@headroom/exporter/config";
import { startAlertmanager } from "../parts/alertmanager.ts";
import { startExporter } from "../parts/exporter.ts";
import { INCIDENTS_PORT, incidentsPart } from "../parts/incidents.ts";
import { PREVIEW_PORT, startPreview } from "../parts/preview.ts";
import { PROMETHEUS_PORT, startPrometheus } from "../parts/prometheus.ts";
import { startRedisIfPresent } from "../parts/redis.ts";
import type { Session } from "../session.ts";
import { writeDashboards } from "./dashboards.ts";
import type { StartOptions } from "./start.ts";
import type { Addresses } from "./where.ts";

/** Files of the programs that a run starts; Redis is looked for when it is started. */
export interface Programs {
  readonly prometheus: string;
  /** Without it, alerts are only shown. */
  readonly alertmanager?: string | undefined;
}

/**
 * Starts Redis if it is installed, the incidents process, the exporter, Alertmanager if there is one, Prometheus and the
 * live page.
 *
 * @throws Error with the end of its log when one does not become ready
 */
export async function startParts(
  session: Session,
  options: Pick<StartOptions, "port" | "model" | "chatModel" | "simulate">,
  programs: Programs,
): Promise<Addresses> {
  const redis = await startRedisIfPresent(session);
  const { port, model, chatModel, simulate } = options;
  // The parts name each other, so the addresses of those that start later are known beforehand.
  const prometheusPort = await session.port("prometheus", PROMETHEUS_PORT);
  const pagePort = await session.port("the live page", PREVIEW_PORT);
  const incidentsPort = await session.port("incidents", INCIDENTS_PORT);
  const incidents = `http://127.0.0.1:${incidentsPort}`;
  const prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
  await session.start(incidentsPart({ prometheusUrl }, incidentsPort));
  const exporter = await startExporter(session, {
    port,
    redisUrl: redis,
    model,
    chatModel,
    simulate,
  });
  const alertmanager =
    programs.alertmanager && (await startAlertmanager(session, programs.alertmanager, incidents));
  const { memoryBytes } = loadConfig(process.env);
  const runbooks = `${incidents}/runbooks`;
  const prometheus = await startPrometheus(session, programs.prometheus, {
    port: prometheusPort,
    exporter,
    incidents,
    alertmanager,
    rules: {
      limits: limitsFor(memoryBytes),
      runbooks,
      dashboards: `http://127.0.0.1:${pagePort}`,
    },
  });
  const page = await startPreview(session, {
    port: pagePort,
    prometheus,
    troublesFile: session.troublesFile,
    dashboards: await writeDashboards(session.folder.path, { memoryBytes, runbooks }),
  });
  return { page, exporter, incidents, prometheus, alertmanager, redis };
}
