import { fileURLToPath } from "node:url";
import type { Express } from "express";
import type { Logger } from "pino";
import { Drain } from "@headroom/exporter/http/drain";
import {
  notFound,
  only,
  plainApp,
  read,
  requireLocalName,
  requireToken,
} from "@headroom/exporter/http/base-app";
import { problemHandler, type Logger as HttpLogger } from "@headroom/exporter/http/problem";
import { alive, metrics, ready } from "@headroom/exporter/http/routes/probes";
import { listen } from "@headroom/exporter/http/server";
import { isLoopback } from "@headroom/exporter/loopback";
import type { Exposition } from "@headroom/exporter/metrics/prometheus";
import type { Config } from "./config.ts";
import { alerts, BODY_SECONDS, type AlertsParts } from "./http/alerts.ts";
import {
  alertsWithRunbook,
  runbook,
  runbookLinks,
  type RunbookPlace,
  runbooks,
} from "./http/runbooks.ts";
import { metricsFrom } from "./key-metrics.ts";
import { createMetrics } from "./metrics.ts";
import { Incidents } from "./records/record-notifications.ts";
import { IncidentStore } from "./records/incident-store.ts";

/** Seen from here and from the bundle incidents/dist/main.js alike. */
const RUNBOOKS = fileURLToPath(new URL("../../alerts/runbooks", import.meta.url));

/** A notification is written within milliseconds; one that is not is sent again. */
export const DRAIN_SECONDS = 5;

/** Everything that the routes need. */
export interface AppParts extends AlertsParts, RunbookPlace {
  readonly metrics: Pick<Exposition, "text">;
  readonly drain: Drain;
  readonly logger: HttpLogger;
  /** When given, every path but `/healthz` and the runbooks asks for it as a bearer token. */
  readonly token?: string | undefined;
  /** Whether only local host names are answered; for a server that listens on loopback. */
  readonly localNamesOnly: boolean;
}

/** Composes the routes; the parts of HTTP are the exporter's, so that both answer alike. */
export function createApp(parts: AppParts): Express {
  const app = plainApp().use(parts.drain.track);
  if (parts.localNamesOnly) app.use(requireLocalName);
  read(app, "/healthz", alive);
  // They hold nothing secret, and a link in a notification is opened by a browser without a token.
  read(app, "/runbooks", runbooks(parts));
  read(app, "/runbooks/:alert", runbook(parts));
  if (parts.token !== undefined) app.use(requireToken(parts.token));
  // A disk that takes nothing is told to whoever sends an alert, and they send it again.
  read(
    app,
    "/readyz",
    ready(() => ({ state: "ready", parts: {} }), parts.drain),
  );
  read(app, "/metrics", metrics(parts.metrics));
  app.use(parts.drain.refuse);
  app.route("/v1/alerts").post(alerts(parts)).all(only("POST"));
  app.use(
    notFound(["/v1/alerts", "/runbooks", "/metrics", "/healthz", "/readyz"], "/runbooks/{alert}"),
  );
  return app.use(problemHandler(parts.logger));
}

/** A running incidents process. */
export interface IncidentsProcess {
  readonly url: string;
  /** Finishes the requests in flight, then frees everything. */
  stop(): Promise<void>;
}

/**
 * Puts the parts together and listens.
 *
 * @throws Error when the address cannot be used
 */
export async function startIncidents(config: Config, logger: Logger): Promise<IncidentsProcess> {
  const measured = createMetrics();
  const incidents = new Incidents({
    store: new IncidentStore(config.folder),
    observer: measured,
    logger,
    metrics: config.prometheusUrl === undefined ? undefined : metricsFrom(config.prometheusUrl),
  });
  measured.watch(
    () => incidents.open(),
    () => alertsWithRunbook(RUNBOOKS),
  );
  const drain = new Drain();
  /** Known once it listens, and no alert comes before. */
  const own: { url?: string } = {};
  const app = createApp({
    incidents,
    refused: () => measured.notified("refused", 1),
    runbookOf: runbookLinks(RUNBOOKS, () => own.url),
    runbooksFolder: RUNBOOKS,
    runFile: config.runFile,
    grafanaUrl: config.grafanaUrl,
    metrics: measured.exposition,
    drain,
    logger,
    token: config.token,
    localNamesOnly: isLoopback(config.host),
  });
  const { server, url } = await listen(app, {
    host: config.host,
    port: config.port,
    variables: "HEADROOM_INCIDENTS",
    requestTimeoutSeconds: BODY_SECONDS,
  });
  own.url = url;
  await incidents.resume().catch((error: Error) => {
    // Not a reason to serve nothing: each notification will be answered with what is wrong.
    logger.error({ reason: error.message }, "the folder of incidents cannot be read");
  });
  logger.info({ url, folder: config.folder }, "listening");
  return {
    url,
    async stop() {
      const { cutOff } = await drain.stop(server, DRAIN_SECONDS);
      measured.close();
      await incidents.close();
      logger.info({ cutOff }, "stopped");
    },
  };
}
