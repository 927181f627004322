import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import express, { type Express, type RequestHandler } from "express";
import { ICONS, PAGE_DIST, PLUGIN_DIST } from "./places.ts";
import { notFound, Problem, problemHandler } from "./problem.ts";
import { prometheusProxy } from "./prometheus-proxy.ts";
import { htmlPage, makeNonce, requireLoopbackHost, securityHeaders } from "./protection.ts";

/** What the preview serves. */
export interface PreviewOptions {
  /** On 127.0.0.1; 0 for any free one. */
  readonly port: number;
  readonly prometheusUrl: string;
  /** Folder of provisioned dashboards: JSON files of Grafana's schema v1. */
  readonly dashboardsFolder: string;
  /** JSON file of the troubles of the run's services; none when not given. */
  readonly troublesFile?: string | undefined;
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

/**
 * Serves the page that plays Grafana's part, to this machine only: it has no accounts. The plugin and
 * the page must be built.
 *
 * @throws Error when the port is taken
 */
export async function startPreview(options: PreviewOptions): Promise<Preview> {
  const server = createServer(createApp(options));
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function createApp(options: PreviewOptions): Express {
  const { dashboardsFolder, troublesFile, prometheusUrl } = options;
  const { scrapeIntervalSeconds = 15, queryTimeoutMs = 30_000 } = options;
  const app = express();
  app.disable("x-powered-by");
  app.use(makeNonce, securityHeaders, requireLoopbackHost);
  app.get("/", htmlPage("dashboard", "Headroom preview"));
  app.get("/stage", htmlPage("stage", "Stage"));
  // Grafana's addresses of dashboards, to which alerts link.
  app.get(["/d/:uid", "/d/:uid/:title"], (req, res) => {
    const query = new URL(req.url, "http://localhost").searchParams;
    query.set("dashboard", String(req.params["uid"]));
    res.redirect(`/?${query}`);
  });
  // Prometheus' own addresses, to which its alerts and runbooks link: a Prometheus may have no pages.
  app.get("/graph", (req, res) => {
    const query = new URL(req.url, "http://localhost").searchParams;
    const dashboard = `${QUERY}${query.get("g0.expr") || "up"}`;
    res.redirect(`/?${new URLSearchParams({ dashboard, from: "now-15m", refresh: "5s" })}`);
  });
  app.get("/alerts", (_req, res) => res.redirect(`/?dashboard=${ALERTS_DASHBOARD}`));
  const files = { index: false, redirect: false };
  app.use("/page", express.static(PAGE_DIST, files));
  app.use("/public/plugins/headroom-limits-panel", express.static(PLUGIN_DIST, files));
  const icons = express.static(ICONS, { ...files, maxAge: "1h" });
  app.use("/public/build/img/icons", icons, missingIcons);
  app.get("/api/dashboards", async (_req, res) => {
    const dashboards = await readDashboards(dashboardsFolder);
    const list = dashboards.map(({ uid, title }) => ({ uid, title }));
    res.json({ dashboards: list, scrapeIntervalSeconds });
  });
  app.get("/api/dashboards/:uid", async ({ params: { uid } }, res) => {
    if (uid.startsWith(QUERY)) return void res.json(graphOf(uid));
    const dashboards = await readDashboards(dashboardsFolder);
    const found = dashboards.find((dashboard) => dashboard.uid === uid);
    if (!found) throw new Problem(404, "not_found", `No dashboard has the uid "${uid}".`);
    res.json(found);
  });
  app.get("/api/troubles", async (_req, res) => {
    const text = troublesFile === undefined ? "[]" : await readTroubles(troublesFile);
    res.set("Cache-Control", "no-store").type("application/json").send(text);
  });
  app.use("/api/prometheus", prometheusProxy(prometheusUrl, queryTimeoutMs));
  app.use(notFound, problemHandler);
  return app;
}

/** The dashboard that shows which alerts fire, and did. */
const ALERTS_DASHBOARD = "headroom-operations";

/** Begins the uid of a dashboard that is in no file: that of one PromQL expression, which follows. */
const QUERY = "query:";

function graphOf(uid: string): StoredDashboard & { readonly panels: readonly object[] } {
  const title = uid.slice(QUERY.length);
  const options = {
    legend: { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] },
    tooltip: { mode: "multi", sort: "desc" },
  };
  const gridPos = { x: 0, y: 0, w: 24, h: 16 };
  const targets = [{ refId: "A", expr: title }];
  return { uid, title, panels: [{ id: 1, type: "timeseries", title, gridPos, targets, options }] };
}

/** A dashboard's JSON; only what identifies it is known here. */
interface StoredDashboard {
  readonly uid: string;
  readonly title: string;
}

/**
 * The dashboards of a folder and its folders, sorted by title. They are read each time, so that a
 * generated file is shown when the page is loaded again.
 */
async function readDashboards(folder: string): Promise<readonly StoredDashboard[]> {
  const entries = await readdir(folder, { recursive: true });
  const files = entries.filter((entry) => entry.endsWith(".json"));
  const dashboards = await Promise.all(files.map((file) => readOne(join(folder, file))));
  const uids = new Set(dashboards.map(({ uid }) => uid));
  if (uids.size < dashboards.length) {
    throw new Problem(500, "bad_dashboard", `Two dashboards in ${folder} have one uid.`);
  }
  return dashboards.sort((a, b) => a.title.localeCompare(b.title, "en"));
}

async function readOne(file: string): Promise<StoredDashboard> {
  try {
    const dashboard = JSON.parse(await readFile(file, "utf8")) as Partial<StoredDashboard>;
    const { uid, title } = dashboard;
    if (typeof uid === "string" && typeof title === "string") return { ...dashboard, uid, title };
    throw new Error("it has no uid or no title");
  } catch (error) {
    throw new Problem(500, "bad_dashboard", `${file} is no dashboard: ${(error as Error).message}`);
  }
}

/** The list that whoever runs the services writes; without the file there was no trouble. */
async function readTroubles(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "[]";
    throw error;
  });
}

/** A line drawn on Grafana's icon grid of 24 units. */
const line = (path: string) =>
  `<path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" d="${path}"/>`;

/** Icons that Grafana's components ask for and that are not in its package. */
const DRAWN = new Map([
  ["angle-double-left", line("M11 8 7 12l4 4m6-8-4 4 4 4")],
  ["angle-double-up", line("m8 11 4-4 4 4m-8 6 4-4 4 4")],
  ["spinner", line("M12 4a8 8 0 1 1-8 8")],
]);

/** Where an icon is neither in Grafana's package nor drawn here, a dot shows that something is. */
const DOT = '<circle cx="12" cy="12" r="3" fill="currentColor"/>';

const missingIcons: RequestHandler = (req, res, next) => {
  const name = /^\/(?:unicons|mono|solid|custom)\/([\w-]+)\.svg$/.exec(req.path)?.[1];
  if (!name) return next();
  const drawing = DRAWN.get(name) ?? DOT;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${drawing}</svg>`;
  res.type("image/svg+xml").send(svg);
};
