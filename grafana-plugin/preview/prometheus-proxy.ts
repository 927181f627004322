import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import express, { Router, type RequestHandler } from "express";
import { Problem } from "./problem.ts";

/** The read-only part of Prometheus' HTTP API that a dashboard needs. */
const PATHS = ["/query", "/query_range", "/label/:name/values"];

const FORM = "application/x-www-form-urlencoded";

/**
 * Passes queries on to Prometheus and its answers back, at paths below `/api/v1`.
 *
 * @param prometheusUrl where Prometheus listens, with its path prefix when it has one
 * @param timeoutMs how long one query may take
 */
export function prometheusProxy(prometheusUrl: string, timeoutMs: number): Router {
  const router = Router();
  const pass = passOn(prometheusUrl.replace(/\/+$/, ""), timeoutMs);
  for (const path of PATHS) {
    router
      .route(`/api/v1${path}`)
      .get(pass)
      .post(express.text({ type: FORM, limit: "1mb" }), pass)
      .all(() => {
        throw new Problem(405, "method_not_allowed", "Queries are sent with GET or POST.");
      });
  }
  return router;
}

function passOn(base: string, timeoutMs: number): RequestHandler {
  return async (req, res) => {
    const closed = new AbortController();
    res.on("close", () => closed.abort());
    const isPost = req.method === "POST";
    const answer = await ask(`${base}${req.url}`, {
      method: req.method,
      headers: { accept: "application/json", ...(isPost && { "content-type": FORM }) },
      body: isPost ? ((req.body as string | undefined) ?? "") : null,
      redirect: "error",
      signal: AbortSignal.any([closed.signal, AbortSignal.timeout(timeoutMs)]),
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
    const { origin } = new URL(url);
    const { name, message, cause } = error as Error & { cause?: Partial<NodeJS.ErrnoException> };
    if (name === "TimeoutError") {
      throw new Problem(504, "prometheus_timeout", `Prometheus at ${origin} took too long.`);
    }
    throw new Problem(
      502,
      "prometheus_unreachable",
      `Prometheus at ${origin} cannot be reached (${cause?.code || cause?.message || message}); ` +
        "start it, or name its address with --prometheus.",
    );
  }
}
