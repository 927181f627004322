import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Express } from "express";
import { iconsFolder, PAGE_DIST, PLUGIN_DIST } from "./places.ts";
import { readDashboard, readDashboards } from "./server/dashboards.ts";
import { htmlPage } from "./server/html.ts";
import { isLoopback, requireLoopbackHost } from "./server/loopback.ts";
import { missingIcons } from "./server/missing-icons.ts";
import { makeNonce, securityHeaders } from "./server/policy.ts";
import { notFound, problemHandler } from "./server/problem.ts";
import { prometheusRoutes } from "./server/prometheus.ts";
import { troublesFrom } from "./server/troubles.ts";

/** What the preview serves, and where. */
export interface PreviewOptions {
  /** A loopback address; 127.0.0.1 when not given. */
  readonly host?: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly prometheusUrl: string;
  /** Folder of provisioned dashboards: JSON files of Grafana's schema v1. */
  readonly dashboardsFolder: string;
  /** JSON file of the troubles of the run's parts; none when not given. */
  readonly troublesFile?: string;
  /** How often Prometheus scrapes, in seconds; `$__rate_interval` follows from it. 15 as in Grafana. */
  readonly scrapeIntervalSeconds?: number;
  /** How long one query may take, in milliseconds. */
  readonly queryTimeoutMs?: number;
}

/** A running preview. */
export interface Preview {
  /** With the port that was taken. */
  readonly url: string;
  /** Ends all connections. */
  readonly close: () => Promise<void>;
}

const QUERY_TIMEOUT_MS = 30_000;

/**
 * Serves the page that plays Grafana's part. The plugin and the page must be built.
 *
 * @throws Error when the address is not this machine's or the port is taken
 */
export async function startPreview(options: PreviewOptions): Promise<Preview> {
  const { host = "127.0.0.1", port } = options;
  if (!isLoopback(host)) {
    throw new RangeError(
      `The preview has no accounts and listens on loopback only, not on ${host}.`,
    );
  }
  const server = createServer(createApp(options));
  server.listen(port, host);
  await once(server, "listening");
  const { address, family, port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${taken}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Where the page shows what an address of Grafana's, `/d/<uid>?<query>`, names. */
function dashboardAddress(uid: string, url: string): string {
  const query = new URL(url, "http://localhost").searchParams;
  query.set("dashboard", uid);
  return `/?${query}`;
}

function createApp(options: PreviewOptions): Express {
  const { dashboardsFolder, prometheusUrl, queryTimeoutMs = QUERY_TIMEOUT_MS } = options;
  const app = express();
  app.disable("x-powered-by");
  app.use(makeNonce, securityHeaders, requireLoopbackHost);
  app.get("/", htmlPage("dashboard", "Headroom preview"));
  app.get("/stage", htmlPage("stage", "Stage"));
  app.get(["/d/:uid", "/d/:uid/:title"], (req, res) => {
    res.redirect(dashboardAddress(String(req.params["uid"]), req.url));
  });
  const files = { index: false, redirect: false };
  app.use("/page", express.static(PAGE_DIST, files));
  app.use("/public/plugins/headroom-limits-panel", express.static(PLUGIN_DIST, files));
  const icons = express.static(iconsFolder(), { ...files, maxAge: "1h" });
  app.use("/public/build/img/icons", icons, missingIcons);
  app.get("/api/dashboards", async (_req, res) => {
    const dashboards = await readDashboards(dashboardsFolder);
    res.json({
      dashboards: dashboards.map(({ uid, title }) => ({ uid, title })),
      scrapeIntervalSeconds: options.scrapeIntervalSeconds ?? 15,
    });
  });
  app.get("/api/dashboards/:uid", async (req, res) => {
    res.json(await readDashboard(dashboardsFolder, req.params.uid));
  });
  app.get("/api/troubles", troublesFrom(options.troublesFile));
  app.use("/api/prometheus", prometheusRoutes(prometheusUrl, queryTimeoutMs));
  app.use(notFound, problemHandler);
  return app;
}
