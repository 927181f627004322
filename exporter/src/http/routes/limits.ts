import type { RequestHandler } from "express";
import { GOALS, type Limit } from "../../../../alerts/limits.ts";
import { endWithJson } from "../send.ts";

/** `GET /v1/limits`: every limit of this machine, and the goals of the reference load. */
export function limits(all: readonly Limit[]): RequestHandler {
  return (_req, res) => endWithJson(res, 200, { limits: all, goals: GOALS });
}
