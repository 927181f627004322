import { STATUS_TARGET_SECONDS, type StatusScenario } from "@headroom/alerts/limits";
import type { StatusReading } from "../plan/status-answer.ts";
import { formatSeconds } from "./format.ts";
import type { RunCheck } from "./judge.ts";
import type { Table } from "./table.ts";

/** What came of one status question that was asked once, with nothing from the cache. */
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

/** What came back for a question, before it is judged. */
export type Came =
  | { readonly reading: StatusReading; readonly wrong: readonly string[] }
  | { readonly failure: string };

/** Judges what came back after `seconds`; a late answer is shown, and is a failure. */
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

/** The condition that each question got a proper answer within its target. */
export function answersCheck(answers: readonly AskedAnswer[]): RunCheck {
  const failed = answers.flatMap(({ scenario, failure }) =>
    failure === undefined ? [] : [`${scenario}: ${failure}`],
  );
  return {
    about: "answers",
    title: "Each status question has an answer within its target",
    holds: failed.length === 0,
    found: failed.length === 0 ? `${answers.length} of ${answers.length}` : failed.join("; "),
  };
}

/** Wide enough to read, narrow enough for a terminal of 120 columns. */
const TEXT_COLUMNS = 56;

/** The answers as a part of the report. */
export function answersTable(answers: readonly AskedAnswer[]): Table {
  return {
    title: "The machine, in eight answers",
    head: ["Question", "Status", "Answer", "Words", "Time", "Target"],
    widths: [null, null, TEXT_COLUMNS, null, null, null],
    rows: answers.map((answer) => [
      answer.scenario.replaceAll("-", " "),
      answer.status ?? "-",
      textOf(answer),
      answer.summaryFrom ?? "-",
      formatSeconds(answer.seconds),
      formatSeconds(answer.targetSeconds),
    ]),
  };
}

const textOf = ({ summary, failure }: AskedAnswer): string =>
  [summary, failure && `FAILED: ${failure}`].filter((part) => part !== undefined).join("\n");
