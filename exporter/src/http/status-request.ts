import { z } from "zod";
import { HeadroomError } from "../errors.ts";
import { STRATEGIES, type StrategyName } from "../status/answer.ts";
import { LANGUAGES, type Language } from "../language.ts";
import { SCENARIO_NAMES } from "../status/scenarios.ts";
import { parseJson, refuseRepeatedFields } from "./json.ts";

/** Shortest and longest limit that a caller may set, in milliseconds. */
export const DEADLINE_MS = { least: 100, most: 30_000 } as const;

/** The body of `POST /v1/status/{scenario}`; an empty body is all defaults. */
export interface StatusBody {
  readonly strategy: StrategyName;
  readonly language: Language;
  readonly deadlineMs?: number | undefined;
  /** Whether the answer is sent as server-sent events. */
  readonly stream: boolean;
}

const SCHEMA = z.strictObject({
  strategy: z.enum(STRATEGIES).default("balanced"),
  language: z.enum(LANGUAGES).default("en"),
  deadlineMs: z.int().min(DEADLINE_MS.least).max(DEADLINE_MS.most).optional(),
  stream: z.boolean().default(false),
});

const FIELDS = Object.keys(SCHEMA.shape);
const EXAMPLE = '{"strategy": "balanced", "language": "en"}';

/**
 * The scenario that a path names.
 *
 * @throws HeadroomError `unknown_scenario` that lists those there are
 */
export function parseScenario(name: string): (typeof SCENARIO_NAMES)[number] {
  const found = SCENARIO_NAMES.find((scenario) => scenario === name);
  if (found) return found;
  throw new HeadroomError(
    "unknown_scenario",
    `There is no status analysis of this name; the path ends in one of ${SCENARIO_NAMES.join(", ")}.`,
    { members: { allowed: SCENARIO_NAMES } },
  );
}

/**
 * Reads the body of `POST /v1/status/{scenario}`.
 *
 * @throws HeadroomError with a code of its own for each thing that can be wrong
 */
export function parseStatusBody(body: Buffer): StatusBody {
  if (body.length === 0) return SCHEMA.parse({});
  const { text, value } = parseJson(body, EXAMPLE);
  const parsed = SCHEMA.safeParse(value);
  if (!parsed.success) throw problemOf(parsed.error.issues);
  refuseRepeatedFields(text, value as object, FIELDS);
  return parsed.data;
}

function problemOf(issues: readonly z.core.$ZodIssue[]): HeadroomError {
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  if (issue?.code === "unrecognized_keys") {
    const field = issue.keys.find((key) => /^\w{1,40}$/.test(key));
    return new HeadroomError(
      "unknown_field",
      `The body has a field that is not known; it may hold ${FIELDS.join(", ")}.`,
      { members: { field, allowed: FIELDS } },
    );
  }
  switch (issue?.path[0]) {
    case "strategy":
      return notOneOf("unknown_strategy", "strategy", STRATEGIES);
    case "language":
      return notOneOf("unknown_language", "language", LANGUAGES);
    case "deadlineMs": {
      const { least, most } = DEADLINE_MS;
      return new HeadroomError(
        "deadline_out_of_range",
        `deadlineMs must be a whole number of milliseconds from ${least} to ${most}.`,
        { members: { field: "deadlineMs", least, most } },
      );
    }
    case "stream":
      return new HeadroomError("invalid_request", "stream must be true or false.", {
        members: { field: "stream" },
      });
    default:
      return new HeadroomError(
        "invalid_request",
        `The body is not a JSON object; send ${EXAMPLE}, or nothing at all.`,
      );
  }
}

function notOneOf(
  code: "unknown_strategy" | "unknown_language",
  field: string,
  allowed: readonly string[],
): HeadroomError {
  return new HeadroomError(code, `The ${field} is not known; use one of ${allowed.join(", ")}.`, {
    members: { field, allowed },
  });
}
