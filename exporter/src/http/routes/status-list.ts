import type { RequestHandler } from "express";
import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import { STRATEGIES } from "../../status/answer.ts";
import { LANGUAGES } from "../../language.ts";
import { SCENARIO_NAMES, SCENARIOS } from "../../status/scenarios.ts";
import { endWithJson } from "../send.ts";

/** `GET /v1/status`: what can be asked, and within which time it is answered. */
export const statusList: RequestHandler = (_req, res) => {
  const scenarios = SCENARIO_NAMES.map((name) => ({
    name,
    question: SCENARIOS[name].question,
    targetSeconds: STATUS_TARGET_SECONDS[name],
  }));
  endWithJson(res, 200, { scenarios, strategies: STRATEGIES, languages: LANGUAGES });
};
