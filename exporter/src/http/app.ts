import express, { type Express, type RequestHandler } from "express";
import type { Limit } from "@headroom/alerts/limits";
import { HeadroomError } from "../errors.ts";
import type { HardwareReport } from "../hardware/report.ts";
import type { StatusMetrics } from "../metrics/status.ts";
import type { Analyser } from "../sentiment/analyser.ts";
import type { Analyst } from "../status/analyst.ts";
import { Admission, MAX_BYTES_HELD } from "./admission.ts";
import type { Drain } from "./drain.ts";
import { only, requireLocalName, requireToken, securityHeaders } from "./guards.ts";
import type { Logger } from "./logger.ts";
import { observeRequests, type RequestLocals, type RequestObserver } from "./outcome.ts";
import { problemHandler } from "./problem.ts";
import { hardware } from "./routes/hardware.ts";
import { alive, ready, type Readiness } from "./routes/health.ts";
import { limits } from "./routes/limits.ts";
import { metrics, type MetricsText } from "./routes/metrics.ts";
import { sentiment } from "./routes/sentiment.ts";
import { statusList } from "./routes/status-list.ts";
import { status, type StatusLocals } from "./routes/status.ts";

/** Everything that the HTTP layer needs from the rest of the exporter. */
export interface AppParts {
  readonly analyser: Analyser;
  readonly analyst: Analyst;
  readonly hardware: () => Promise<HardwareReport>;
  /** As they hold on this machine now. */
  readonly limits: () => Promise<readonly Limit[]>;
  readonly metrics: MetricsText;
  readonly requests: RequestObserver;
  readonly statusRequests: Pick<StatusMetrics, "finished">;
  readonly readiness: () => Readiness;
  readonly drain: Drain;
  readonly logger: Logger;
  /** When given, every path but `/healthz` asks for it as a bearer token. */
  readonly token?: string | undefined;
  /** Whether only local host names are answered; for a server that listens on loopback. */
  readonly localNamesOnly: boolean;
  /** Messages that may be in work at once; also the bound of requests. */
  readonly queueMessages: number;
  /** Status requests that may be in work at once. */
  readonly statusQueue: number;
  /** How long an analysis may take. */
  readonly requestTimeoutSeconds: number;
  /** How long a body may take to arrive. */
  readonly bodyTimeoutSeconds: number;
}

/** Composes the routes; it does not listen, see {@link "./server.ts"}. */
export function createApp(parts: AppParts): Express {
  const admission = new Admission({
    messages: parts.queueMessages,
    requests: parts.queueMessages,
    bytes: MAX_BYTES_HELD,
  });
  const statusAdmission = new Admission({
    messages: 0,
    requests: parts.statusQueue,
    bytes: MAX_BYTES_HELD,
  });
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", false);
  // One path, one spelling, so that what is observed is exactly what is routed.
  app.enable("strict routing").enable("case sensitive routing");

  app.use(securityHeaders, parts.drain.track);
  app.all(
    "/v1/sentiment",
    observeRequests<RequestLocals>((ended, { attribution }) =>
      parts.requests.finished({ ...ended, attribution: attribution ?? "unknown" }),
    ),
  );
  app.all(
    "/v1/status/:scenario",
    observeRequests<StatusLocals>((ended, { scenario, strategy }) =>
      parts.statusRequests.finished({
        ...ended,
        scenario: scenario ?? "unknown",
        strategy: strategy ?? "unknown",
      }),
    ),
  );
  if (parts.localNamesOnly) app.use(requireLocalName);
  read(app, "/healthz", alive);
  if (parts.token !== undefined) app.use(requireToken(parts.token));
  read(app, "/readyz", ready(parts.readiness, parts.drain));
  read(app, "/metrics", metrics(parts.metrics));

  app.use(parts.drain.refuse);
  app
    .route("/v1/sentiment")
    .post(sentiment({ ...parts, admission }))
    .all(only("POST"));
  app
    .route("/v1/status/:scenario")
    .post(status({ ...parts, statusAdmission }))
    .all(only("POST"));
  read(app, "/v1/status", statusList);
  read(app, "/v1/hardware", hardware(parts.hardware));
  read(app, "/v1/limits", limits(parts.limits));
  app.use(notFound);
  app.use(problemHandler(parts.logger));
  return app;
}

function read(app: Express, path: string, handler: RequestHandler): void {
  app.route(path).get(handler).all(only("GET", "HEAD"));
}

const notFound: RequestHandler = (_req, _res, next) => {
  const allowed = [
    ...["/v1/sentiment", "/v1/status", "/v1/hardware", "/v1/limits"],
    ...["/metrics", "/healthz", "/readyz"],
  ];
  next(
    new HeadroomError(
      "not_found",
      `Nothing is served at this path; there are ${allowed.join(", ")} and /v1/status/{scenario}.`,
      { members: { allowed } },
    ),
  );
};
