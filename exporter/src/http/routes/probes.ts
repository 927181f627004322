import type { RequestHandler } from "express";
import { z } from "zod";
import type { Exposition } from "../../metrics/prometheus.ts";
import type { TypeOf } from "../../type-of.ts";
import { endWith, endWithJson } from "../answer.ts";
import type { Drain } from "../drain.ts";

/** The answer to `GET /healthz`. */
export const ALIVE = z.strictObject({ alive: z.literal(true) }).meta({ id: "Alive" });

/** The answer to `GET /readyz`. */
export const READINESS = z
  .strictObject({
    ready: z.boolean(),
    state: z
      .enum(["ready", "degraded", "not_ready"])
      .describe("Degraded: all are answered, while others stand in for a part or it starts again."),
    parts: z.record(z.string(), z.string()).describe("The state of each part in a word or two."),
  })
  .meta({ id: "Readiness" });

/** Whether requests can be answered now, and the state of each part in a word or two. */
export type Readiness = Omit<TypeOf<typeof READINESS>, "ready">;

/** `GET /healthz`: the process is alive; says nothing about its parts. */
export const alive: RequestHandler = (_req, res) => {
  res.setHeader("Cache-Control", "no-store");
  endWithJson(res, 200, { alive: true } satisfies TypeOf<typeof ALIVE>);
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
    } satisfies TypeOf<typeof READINESS>);
  };
}

/** `GET /metrics`: what Prometheus scrapes. */
export function metrics(exposition: Pick<Exposition, "text">): RequestHandler {
  return async (req, res) => {
    const { contentType, body } = await exposition.text(req.headers.accept);
    endWith(res, 200, contentType, body);
  };
}
