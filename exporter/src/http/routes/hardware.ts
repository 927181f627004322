import type { RequestHandler } from "express";
import type { HardwareReport } from "../../hardware/report.ts";
import { endWithJson } from "../send.ts";

/** `GET /v1/hardware`: the machine, its memory, the chat model's parameters with their origin, advice. */
export function hardware(report: () => Promise<HardwareReport>): RequestHandler {
  return async (_req, res) => endWithJson(res, 200, await report());
}
