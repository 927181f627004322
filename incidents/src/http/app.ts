import express, { type Express, type RequestHandler } from "express";
import { HeadroomError } from "@headroom/exporter/errors";
import type { Drain } from "@headroom/exporter/http/drain";
import {
  only,
  requireLocalName,
  requireToken,
  securityHeaders,
} from "@headroom/exporter/http/guards";
import type { Logger } from "@headroom/exporter/http/logger";
import { problemHandler } from "@headroom/exporter/http/problem";
import { alive, ready } from "@headroom/exporter/http/routes/health";
import { metrics, type MetricsText } from "@headroom/exporter/http/routes/metrics";
import { alerts, type AlertsParts } from "./alerts.ts";
import { runbook, runbooks } from "./runbooks.ts";

/** Everything that the routes need. */
export interface AppParts extends AlertsParts {
  readonly metrics: MetricsText;
  readonly drain: Drain;
  readonly logger: Logger;
  /** When given, every path but `/healthz` and the runbooks asks for it as a bearer token. */
  readonly token?: string | undefined;
  /** Whether only local host names are answered; for a server that listens on loopback. */
  readonly localNamesOnly: boolean;
  /** Holds a file `<Alert>.md` for each alert. */
  readonly runbooksFolder: string;
}

/** Composes the routes; the parts of HTTP are the exporter's, so that both answer alike. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", false);
  app.enable("strict routing").enable("case sensitive routing");

  app.use(securityHeaders, parts.drain.track);
  if (parts.localNamesOnly) app.use(requireLocalName);
  const read = (path: string, handler: RequestHandler) =>
    app.route(path).get(handler).all(only("GET", "HEAD"));
  read("/healthz", alive);
  // They hold nothing secret, and a link in a notification is opened by a browser without a token.
  read("/runbooks", runbooks(parts.runbooksFolder));
  app.route("/runbooks/:alert").get(runbook(parts.runbooksFolder)).all(only("GET", "HEAD"));
  if (parts.token !== undefined) app.use(requireToken(parts.token));
  // A disk that takes nothing is told to whoever sends an alert, and they send it again.
  read(
    "/readyz",
    ready(() => ({ state: "ready", parts: {} }), parts.drain),
  );
  read("/metrics", metrics(parts.metrics));
  app.use(parts.drain.refuse);
  app.route("/v1/alerts").post(alerts(parts)).all(only("POST"));
  app.use(notFound);
  app.use(problemHandler(parts.logger));
  return app;
}

const notFound: RequestHandler = (_req, _res, next) => {
  const allowed = ["/v1/alerts", "/runbooks", "/metrics", "/healthz", "/readyz"];
  next(
    new HeadroomError(
      "not_found",
      `Nothing is served at this path; there are ${allowed.join(", ")} and /runbooks/{alert}.`,
      { members: { allowed } },
    ),
  );
};
