import type { RequestHandler } from "express";
import type { HardwareReport } from "../../hardware/report.ts";
import { endWithJson } from "../send.ts";

/** `GET /v1/hardware`: the machine, the chat model's parameters and where they come from, advice. */
export function hardware(report: () => HardwareReport): RequestHandler {
  return (_req, res) => endWithJson(res, 200, report());
}
