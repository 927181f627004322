import type { RequestHandler } from "express";
import { GOALS } from "@headroom/alerts/goals";
import type { Limit } from "@headroom/alerts/limits";
import { endWithJson } from "../send.ts";

/**
 * `GET /v1/limits`: every limit as it holds on this machine now, those of memory once for each scope,
 * and the goals of the reference load.
 */
export function limits(ofThisMachine: () => Promise<readonly Limit[]>): RequestHandler {
  return async (_req, res) =>
    endWithJson(res, 200, { limits: await ofThisMachine(), goals: GOALS });
}
