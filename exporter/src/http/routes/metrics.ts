import type { RequestHandler } from "express";
import { endWith } from "../send.ts";

/** Writes all metrics in the format that an Accept header asks for. */
export interface MetricsText {
  text(
    accept: string | undefined,
  ): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** `GET /metrics`: what Prometheus scrapes. */
export function metrics(source: MetricsText): RequestHandler {
  return async (req, res) => {
    const { contentType, body } = await source.text(req.headers.accept);
    endWith(res, 200, contentType, body);
  };
}
