import type { RequestHandler } from "express";
import { z } from "zod";
import { STATUS_TARGET_SECONDS, type StatusScenario } from "@headroom/alerts/limits";
import { HeadroomError, type ProblemCode } from "../../errors.ts";
import { LANGUAGES } from "../../language.ts";
import type { Analyst } from "../../status/analyst.ts";
import { type StatusAnswer, type StatusEvent, STRATEGIES } from "../../status/answer.ts";
import { SCENARIO_NAMES, SCENARIOS } from "../../status/scenarios.ts";
import type { TypeOf } from "../../type-of.ts";
import { Admission, MAX_BYTES_HELD } from "../admission.ts";
import { endWithJson, sendEvent, startEvents } from "../answer.ts";
import { whileWanted } from "../cancellation.ts";
import type { Drain } from "../drain.ts";
import { parseObject } from "../json.ts";
import { cacheUse, receiveBody } from "../request-body.ts";

/** What the status route is made of. */
export interface StatusParts {
  readonly analyst: Analyst;
  readonly drain: Drain;
  /** Status requests that may be in work at once. */
  readonly statusQueue: number;
  /** Within which a request must have arrived, and then be answered; answers are due long before. */
  readonly requestTimeoutSeconds: number;
}

/** What this route leaves in `res.locals` about a request. */
export interface StatusLocals {
  scenario?: StatusScenario;
}

/** Its few fields need a hundred. */
const MAX_BODY_BYTES = 64 * 1024;

/** Shortest and longest limit that a caller may set, in milliseconds. */
export const DEADLINE_MS = { least: 100, most: 30_000 } as const;

/** The answer to `GET /v1/status`. */
export const STATUS_LIST = z
  .strictObject({
    scenarios: z.array(
      z.strictObject({
        name: z.enum(SCENARIO_NAMES),
        question: z.strictObject({ en: z.string(), ja: z.string() }),
        targetSeconds: z.number().describe("Within which it is answered."),
      }),
    ),
    strategies: z.array(z.enum(STRATEGIES)),
    languages: z.array(z.enum(LANGUAGES)),
  })
  .meta({ id: "StatusList" });

/** `GET /v1/status`: what can be asked, and within which time it is answered. */
export const statusList: RequestHandler = (_req, res) => {
  const scenarios = SCENARIO_NAMES.map((name) => ({
    name,
    question: SCENARIOS[name].question,
    targetSeconds: STATUS_TARGET_SECONDS[name],
  }));
  const list = { scenarios, strategies: STRATEGIES, languages: LANGUAGES };
  endWithJson(res, 200, list satisfies TypeOf<typeof STATUS_LIST>);
};

/** `POST /v1/status/{scenario}`: how the machine is, as JSON or as server-sent events. */
export function status(parts: StatusParts): RequestHandler<{ scenario: string }> {
  const { analyst, drain, statusQueue: requests, requestTimeoutSeconds } = parts;
  const admission = new Admission({ messages: 0, requests, bytes: MAX_BYTES_HELD });
  const bounds = { maxBytes: MAX_BODY_BYTES, seconds: requestTimeoutSeconds };
  return async (req, res) => {
    const acceptedAt = performance.now();
    const locals = res.locals as StatusLocals;
    const scenario = (locals.scenario = parseScenario(req.params.scenario));
    const { stream, ...asked } = parseStatusBody(
      (await receiveBody(req, res, admission, bounds)).body,
    );
    const cache = cacheUse(req);
    const ask = (onEvent?: (event: StatusEvent) => void): Promise<StatusAnswer> =>
      whileWanted(res, drain, requestTimeoutSeconds, (signal) =>
        analyst.answer(
          { ...asked, scenario },
          { acceptedAt, cache, signal, ...(onEvent && { onEvent }) },
        ),
      );
    if (!stream) {
      const answer = await ask();
      if (!res.destroyed) endWithJson(res, 200, answer);
      return;
    }
    startEvents(res);
    const answer = await ask((event) => {
      if (event.type === "findings") return sendEvent(res, "findings", event.statement);
      const { type, ...data } = event;
      sendEvent(res, type, data);
    });
    sendEvent(res, "done", answer);
    res.end();
  };
}

/**
 * The scenario that a path names.
 *
 * @throws HeadroomError `unknown_scenario` that lists those there are
 */
export function parseScenario(name: string): StatusScenario {
  const found = SCENARIO_NAMES.find((scenario) => scenario === name);
  if (found) return found;
  throw new HeadroomError(
    "unknown_scenario",
    `There is no scenario of this name; the path ends in one of ${SCENARIO_NAMES.join(", ")}.`,
    { members: { allowed: SCENARIO_NAMES } },
  );
}

/** What the body of a status request may hold. */
export const STATUS_BODY = {
  schema: z
    .strictObject({
      strategy: z.enum(STRATEGIES).default("balanced").describe("How long the summary may take."),
      language: z.enum(LANGUAGES).default("en"),
      deadlineMs: z
        .int()
        .min(DEADLINE_MS.least)
        .max(DEADLINE_MS.most)
        .optional()
        .describe("Of the caller; only one below the scenario's target has an effect."),
      stream: z.boolean().default(false).describe("Whether to answer with server-sent events."),
    })
    .meta({ id: "StatusRequest" }),
  example: '{"strategy": "balanced", "language": "en"}, or nothing at all',
  problems: {
    strategy: () => notOneOf("unknown_strategy", "strategy", STRATEGIES),
    language: () => notOneOf("unknown_language", "language", LANGUAGES),
    deadlineMs: () =>
      new HeadroomError(
        "deadline_out_of_range",
        "deadlineMs must be a whole number of milliseconds from " +
          `${DEADLINE_MS.least} to ${DEADLINE_MS.most}.`,
        { members: { field: "deadlineMs", ...DEADLINE_MS } },
      ),
    stream: () =>
      new HeadroomError("invalid_request", "stream must be true or false.", {
        members: { field: "stream" },
      }),
  },
};

function notOneOf(code: ProblemCode, field: string, allowed: readonly string[]): HeadroomError {
  return new HeadroomError(code, `The ${field} is not known; use one of ${allowed.join(", ")}.`, {
    members: { field, allowed },
  });
}

/**
 * Reads the body of `POST /v1/status/{scenario}`; an empty one is all defaults.
 *
 * @throws HeadroomError with a code of its own for each thing that can be wrong
 */
export function parseStatusBody(body: Buffer): z.output<typeof STATUS_BODY.schema> {
  return body.length === 0 ? STATUS_BODY.schema.parse({}) : parseObject(body, STATUS_BODY);
}
