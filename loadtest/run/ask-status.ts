import { STATUS_TARGET_SECONDS, type StatusScenario } from "@headroom/alerts/limits";
import { checkStatusAnswer, readStatusAnswer, type StatusReading } from "../plan/answers.ts";
import { STATUS_SCENARIOS } from "../plan/profiles.ts";
import type { RunCheck } from "../report/assessment.ts";
import { reason } from "./could-not-run.ts";

/** How to ask. */
export interface Asking {
  readonly target: string;
  readonly token?: string | undefined;
  /** Aborting stops the asking. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each request. */
  readonly onStatusRequest?: ((request: StatusRequest) => void) | undefined;
}

/** A status request that is about to be sent. */
export interface StatusRequest {
  readonly scenario: StatusScenario;
  /** From 1 to `of`. */
  readonly number: number;
  readonly of: number;
}

/** What came of the asking: all answers, or why there are none. */
export interface Asked {
  readonly answers?: readonly AskedAnswer[];
  readonly none?: "no such route" | "stopped";
}

/** What came of one status scenario that was asked for once, with nothing from the cache. */
export interface AskedAnswer extends Partial<Said> {
  readonly scenario: StatusScenario;
  /** Time until the answer was there, as the client sees it, in seconds. */
  readonly seconds: number;
  /** Within which it had to be there, in seconds. */
  readonly targetSeconds: number;
  /** Why it is no proper answer: an error, or what is wrong with it; absent when all is well. */
  readonly failure?: string;
}

/** What an answer says, as far as there is one. */
interface Said extends Pick<
  StatusReading,
  "status" | "summary" | "fallback" | "engine" | "model" | "simulated"
> {
  readonly summaryFrom: "model" | "findings";
}

/** What came back, before it is held against its target. */
export type Came =
  | { readonly reading: StatusReading; readonly wrong: readonly string[] }
  | { readonly failure: string };

const ASKED = { strategy: "balanced", language: "en" } as const;

/** An answer this much later than its target is not waited for. */
const PATIENCE_SECONDS = 10;

/**
 * Asks for each status scenario once, one after the other, with nothing from the cache.
 *
 * An answer that is late, wrong or missing is one with a `failure`; nothing is thrown.
 */
export async function askStatus(asking: Asking): Promise<Asked> {
  const answers: AskedAnswer[] = [];
  for (const [i, scenario] of STATUS_SCENARIOS.entries()) {
    if (asking.signal?.aborted) return { none: "stopped" };
    asking.onStatusRequest?.({ scenario, number: i + 1, of: STATUS_SCENARIOS.length });
    const started = performance.now();
    const came = await ask(scenario, asking);
    if (came === "no such route") return { none: came };
    answers.push(askedAnswer(scenario, (performance.now() - started) / 1_000, came));
  }
  return asking.signal?.aborted ? { none: "stopped" } : { answers };
}

async function ask(
  scenario: StatusScenario,
  { target, token, signal }: Asking,
): Promise<Came | "no such route"> {
  const patience = (STATUS_TARGET_SECONDS[scenario] + PATIENCE_SECONDS) * 1_000;
  const late = AbortSignal.timeout(patience);
  try {
    const response = await fetch(`${target}/v1/status/${scenario}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "cache-control": "no-store",
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(ASKED),
      signal: AbortSignal.any([late, ...(signal ? [signal] : [])]),
    });
    const text = await response.text();
    if (response.status === 404) return "no such route";
    if (response.status !== 200) return { failure: `it answered ${response.status}` };
    return read(scenario, JSON.parse(text));
  } catch (error) {
    return { failure: late.aborted ? "no answer in time" : reason(error) };
  }
}

function read(scenario: StatusScenario, body: unknown): Came {
  const wrong = Object.entries(checkStatusAnswer(body, { scenario, ...ASKED }))
    .filter(([, holds]) => !holds)
    .map(([name]) => name);
  const reading = readStatusAnswer(body);
  return reading
    ? { reading, wrong }
    : { failure: wrong.map((name) => `not so: ${name}`).join("; ") };
}

/** Holds what came back after `seconds` against the target; a late answer is shown, and is a failure. */
export function askedAnswer(scenario: StatusScenario, seconds: number, came: Came): AskedAnswer {
  const targetSeconds = STATUS_TARGET_SECONDS[scenario];
  const asked = { scenario, seconds, targetSeconds };
  if ("failure" in came) return { ...asked, failure: came.failure };
  const { status, summary, fromModel, fallback, engine, model, simulated } = came.reading;
  const late = seconds > targetSeconds ? ["it came after its target"] : [];
  const failures = [...late, ...came.wrong.map((check) => `not so: ${check}`)];
  return {
    ...asked,
    status,
    summary,
    summaryFrom: fromModel ? "model" : "findings",
    ...(fallback && { fallback }),
    engine,
    model,
    simulated,
    ...(failures.length > 0 && { failure: failures.join("; ") }),
  };
}

/** The condition that each scenario got a proper answer within its target. */
export function answersCheck(answers: readonly AskedAnswer[]): RunCheck {
  const failed = answers.flatMap(({ scenario, failure }) =>
    failure === undefined ? [] : [`${scenario}: ${failure}`],
  );
  return {
    about: "answers",
    title: "Each status request has an answer within its target",
    holds: failed.length === 0,
    found: failed.length === 0 ? `${answers.length} of ${answers.length}` : failed.join("; "),
  };
}
