import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import express, { Router, type RequestHandler } from "express";
import { Problem } from "./problem.ts";

/** The read-only part of Prometheus' HTTP API that a dashboard needs. */
const PATHS = ["/query", "/query_range", "/labels", "/label/:name/values", "/series"];

const FORM = "application/x-www-form-urlencoded";

/**
 * Passes queries on to Prometheus and its answers back, at paths below `/api/v1`.
 *
 * @param prometheusUrl where Prometheus listens, with its path prefix when it has one
 * @param timeoutMs how long one query may take
 */
export function prometheusRoutes(prometheusUrl: string, timeoutMs: number): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const body = express.text({ type: FORM, limit: "1mb" });
  for (const path of PATHS) {
    const pass = passOn(prometheusUrl.replace(/\/+$/, ""), timeoutMs);
    router
      .route(`/api/v1${path}`)
      .get(pass)
      .post(body, pass)
      .all(() => {
        throw new Problem(405, "method_not_allowed", "Queries are sent with GET or POST.");
      });
  }
  return router;
}

class TookTooLong extends Error {}

function passOn(base: string, timeoutMs: number): RequestHandler {
  return async (req, res) => {
    const ended = new AbortController();
    const timer = setTimeout(() => ended.abort(new TookTooLong()), timeoutMs);
    res.on("close", () => {
      clearTimeout(timer);
      ended.abort();
    });
    const answer = await ask(`${base}${req.url}`, {
      signal: ended.signal,
      redirect: "error",
      method: req.method,
      headers: { accept: "application/json" },
      ...(req.method === "POST" && {
        headers: { accept: "application/json", "content-type": FORM },
        body: typeof req.body === "string" ? req.body : "",
      }),
    });
    res.status(answer.status);
    res.set("Cache-Control", "no-store").type(answer.headers.get("content-type") ?? "text/plain");
    if (!answer.body) return void res.end();
    // Once the answer has begun, a failure can only cut it off.
    await pipeline(Readable.fromWeb(answer.body as never), res).catch(() => res.destroy());
  };
}

async function ask(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    const { message, cause } = error as Error;
    const { origin } = new URL(url);
    if (error instanceof TookTooLong) {
      throw new Problem(504, "prometheus_timeout", `Prometheus at ${origin} took too long.`);
    }
    const { code, message: reason } = (cause ?? {}) as { code?: string; message?: string };
    const why = code || reason || message;
    throw new Problem(
      502,
      "prometheus_unreachable",
      `Prometheus at ${origin} cannot be reached (${why}); start it, or name its address with --prometheus.`,
    );
  }
}
