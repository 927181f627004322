import { STATUS_TARGET_SECONDS, type StatusScenario } from "@headroom/alerts/limits";
import { checkStatusAnswer, readStatusAnswer } from "../plan/status-answer.ts";
import { STATUS_SCENARIOS } from "../plan/status-mix.ts";
import { askedAnswer, type AskedAnswer, type Came } from "../report/asked-answers.ts";
import { reason } from "./preflight.ts";

/** How to ask. */
export interface Asking {
  readonly target: string;
  readonly token?: string;
  /** Aborting stops the asking. */
  readonly signal?: AbortSignal;
  /** Called before each question. */
  readonly onQuestion?: (question: Question) => void;
}

/** A question that is about to be asked. */
export interface Question {
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

const ASKED = { strategy: "balanced", language: "en" } as const;

/** An answer this much later than its target is not waited for. */
const PATIENCE_SECONDS = 10;

/**
 * Asks each status question once, one after the other, with nothing from the cache.
 *
 * An answer that is late, wrong or missing is one with a `failure`; nothing is thrown.
 */
export async function askStatus(asking: Asking): Promise<Asked> {
  const answers: AskedAnswer[] = [];
  for (const [i, scenario] of STATUS_SCENARIOS.entries()) {
    if (asking.signal?.aborted) return { none: "stopped" };
    asking.onQuestion?.({ scenario, number: i + 1, of: STATUS_SCENARIOS.length });
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
  // Not AbortSignal.any, which Node 20 may collect before its timeout fires.
  const controller = new AbortController();
  const stop = () => controller.abort(signal?.reason);
  const timer = setTimeout(() => controller.abort(new Error("no answer in time")), patience);
  signal?.addEventListener("abort", stop);
  try {
    const response = await fetch(`${target}/v1/status/${scenario}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "cache-control": "no-store",
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(ASKED),
      signal: controller.signal,
    });
    const text = await response.text();
    if (response.status === 404) return "no such route";
    if (response.status !== 200) return { failure: `it answered ${response.status}` };
    return read(scenario, JSON.parse(text));
  } catch (error) {
    return { failure: reason(error) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
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
