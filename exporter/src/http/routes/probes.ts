import type { RequestHandler } from "express";
import type { Exposition } from "../../metrics/prometheus.ts";
import { endWith, endWithJson } from "../answer.ts";
import type { Drain } from "../drain.ts";

/** Whether requests can be answered now, and the state of each part in a word or two. */
export interface Readiness {
  /** Degraded: all are answered, but a part is being started again, or failed and others stand in. */
  readonly state: "ready" | "degraded" | "not_ready";
  readonly parts: Readonly<Record<string, string>>;
}

/** `GET /healthz`: the process is alive; says nothing about its parts. */
export const alive: RequestHandler = (_req, res) => {
  res.setHeader("Cache-Control", "no-store");
  endWithJson(res, 200, { alive: true });
};

/** `GET /readyz`: 200 when requests can be answered, else 503; also 503 while shutting down. */
export function ready(readiness: () => Readiness, drain: Drain): RequestHandler {
  return (_req, res) => {
    const now = readiness();
    const isReady = now.state !== "not_ready" && !drain.draining;
    res.setHeader("Cache-Control", "no-store");
    endWithJson(res, isReady ? 200 : 503, {
      ready: isReady,
      state: isReady ? now.state : "not_ready",
      parts: { ...now.parts, http: drain.draining ? "draining" : "ready" },
    });
  };
}

/** `GET /metrics`: what Prometheus scrapes. */
export function metrics(exposition: Pick<Exposition, "text">): RequestHandler {
  return async (req, res) => {
    const { contentType, body } = await exposition.text(req.headers.accept);
    endWith(res, 200, contentType, body);
  };
}
