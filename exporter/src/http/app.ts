import type { Express, RequestHandler } from "express";
import { CHAT_OPERATIONS, type Limit } from "@headroom/alerts/limits";
import type { HardwareReport } from "../hardware/report.ts";
import type { ChatMetrics } from "../metrics/chat.ts";
import type { Exposition } from "../metrics/prometheus.ts";
import type { StatusMetrics } from "../metrics/status.ts";
import { endWithJson } from "./answer.ts";
import { notFound, onlyPost, plainApp, read, requireLocalName, requireToken } from "./base-app.ts";
import { OPERATIONS } from "./operations.ts";
import { observeRequests, type RequestObserver } from "./outcome.ts";
import { type Logger, problemHandler } from "./problem.ts";
import { chat, CHAT_PATHS, type ChatParts, measureChat, models } from "./routes/chat.ts";
import { limits } from "./routes/limits.ts";
import { openApi } from "./routes/openapi.ts";
import { page } from "./routes/page.ts";
import { alive, metrics, ready, type Readiness } from "./routes/probes.ts";
import { sentiment, type SentimentLocals, type SentimentParts } from "./routes/sentiment.ts";
import { status, statusList, type StatusLocals, type StatusParts } from "./routes/status.ts";

/** Who may ask what. */
interface Access {
  /** When given, every path but `/healthz` asks for it as a bearer token. */
  readonly token?: string | undefined;
  /** Opens `/metrics`, too. */
  readonly metricsToken?: string | undefined;
  /** Paths that ask for none. */
  readonly openPaths?: readonly string[] | undefined;
}

/** Everything that the HTTP layer needs from the rest of the exporter. */
export interface AppParts extends SentimentParts, StatusParts, ChatParts, Access {
  readonly hardware: () => Promise<HardwareReport>;
  /** As they hold on this machine now. */
  readonly limits: () => Promise<readonly Limit[]>;
  readonly metrics: Pick<Exposition, "text">;
  readonly requests: RequestObserver;
  readonly chatRequests: ChatMetrics;
  readonly statusRequests: Pick<StatusMetrics, "finished">;
  readonly readiness: () => Readiness;
  readonly logger: Logger;
  /** Whether only local host names are answered; for a server that listens on loopback. */
  readonly localNamesOnly: boolean;
}

/** Composes the routes; it does not listen, see {@link "./server.ts"}. */
export function createApp(parts: AppParts): Express {
  const { drain } = parts;
  const app = plainApp().use(drain.track);
  app.all(
    "/v1/sentiment",
    observeRequests<SentimentLocals>((ended, { attribution }) =>
      parts.requests.finished({ ...ended, attribution: attribution ?? "unknown" }),
    ),
  );
  app.all(
    "/v1/status/:scenario",
    observeRequests<StatusLocals>((ended, { scenario }) =>
      parts.statusRequests.finished({
        ...ended,
        scenario: scenario ?? "unknown",
      }),
    ),
  );
  for (const operation of CHAT_OPERATIONS) {
    app.all(CHAT_PATHS[operation], measureChat(operation, parts.chatRequests));
  }
  if (parts.localNamesOnly) app.use(requireLocalName);
  read(app, "/healthz", alive);
  app.use(page());
  app.use(requireAccess(parts));
  read(app, "/readyz", ready(parts.readiness, drain));
  read(app, "/metrics", metrics(parts.metrics));
  read(app, "/openapi.json", openApi);

  app.use(drain.refuse);
  app.route("/v1/sentiment").post(sentiment(parts)).all(withExample("/v1/sentiment"));
  app.route("/v1/status/:scenario").post(status(parts)).all(withExample("/v1/status/{scenario}"));
  for (const operation of CHAT_OPERATIONS) {
    const path = CHAT_PATHS[operation];
    app.route(path).post(chat(parts, operation)).all(withExample(path));
  }
  read(app, "/v1/models", models(parts));
  read(app, "/v1/status", statusList);
  read(app, "/v1/hardware", async (_req, res) => endWithJson(res, 200, await parts.hardware()));
  read(app, "/v1/limits", limits(parts.limits));
  app.use(
    notFound(
      ["/", ...Object.keys(OPERATIONS).filter((path) => !path.includes("{"))],
      "/v1/status/{scenario}",
    ),
  );
  return app.use(problemHandler(parts.logger));
}

/** What a path that is only written to says to another method: the first of its examples. */
function withExample(path: string) {
  const [example] = Object.values(OPERATIONS[path]?.["post"]?.body?.examples ?? {});
  return onlyPost(example?.value ?? {});
}

function requireAccess({ token, metricsToken, openPaths = [] }: Access): RequestHandler {
  if (token === undefined) return (_req, _res, next) => next();
  const all = requireToken(token);
  const metrics = metricsToken === undefined ? all : requireToken(token, metricsToken);
  return (req, res, next) => {
    if (openPaths.includes(req.path)) return next();
    return (req.path === "/metrics" ? metrics : all)(req, res, next);
  };
}
