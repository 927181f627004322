import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { Drain } from "@headroom/exporter/http/drain";
import { listen } from "@headroom/exporter/http/server";
import { isLoopback } from "@headroom/exporter/loopback";
import type { Config } from "./config.ts";
import { createApp } from "./http/app.ts";
import { BODY_SECONDS } from "./http/alerts.ts";
import { createMetrics } from "./metrics.ts";
import { metricsFrom } from "./prometheus/metrics-reader.ts";
import { Incidents } from "./records/incidents.ts";
import { IncidentStore } from "./records/incident-store.ts";
import { runbookLinks } from "./runbooks/library.ts";

/** Seen from here and from the bundle incidents/dist/main.js alike. */
const RUNBOOKS = fileURLToPath(new URL("../../alerts/runbooks", import.meta.url));

/** A notification is written within milliseconds; one that is not is sent again. */
export const DRAIN_SECONDS = 5;

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
  const metrics = createMetrics();
  const incidents = new Incidents({
    store: new IncidentStore(config.folder),
    observer: metrics,
    logger,
    metrics: config.prometheusUrl === undefined ? undefined : metricsFrom(config.prometheusUrl),
  });
  metrics.watch(() => incidents.open());
  const drain = new Drain();
  /** Known once it listens, and no alert comes before. */
  const own: { url?: string } = {};
  const app = createApp({
    incidents,
    refused: () => metrics.notified("refused", 1),
    runbookOf: runbookLinks(RUNBOOKS, () => own.url),
    runbooksFolder: RUNBOOKS,
    metrics: metrics.exposition,
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
    bodyTimeoutSeconds: BODY_SECONDS,
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
      metrics.close();
      await incidents.close();
      logger.info({ cutOff }, "stopped");
    },
  };
}
