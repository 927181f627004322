import { isBroken } from "@headroom/alerts/headroom";
import type { Limit } from "@headroom/alerts/limits";
import { formatLimit, formatValue } from "@headroom/loadtest/report/format";
import type { Examined } from "./examine.ts";

/** Seconds of the times that checks look back. */
export const SECONDS = { hour: 3_600, day: 86_400, week: 604_800, month: 2_592_000 } as const;

/** One step of a check: what it reads, and the rows that follow. */
export interface Step {
  /** Stable name, and that of the row when the step could read nothing. */
  readonly id: string;
  readonly title: string;
  /** @throws QueryRefused when Prometheus refuses a query, CouldNotRun when it cannot be read */
  rows(examined: Examined): Promise<readonly Row[]>;
}

/** How a row ended; unknown when there is nothing to compare, and why is then told. */
export type Verdict = "pass" | "fail" | "unknown";

/** One line of a check's table. */
export interface Row {
  /** Stable name in kebab-case. */
  readonly id: string;
  readonly title: string;
  /** What was found, in words. */
  readonly observed: string;
  /** What is allowed, in words. */
  readonly limit: string;
  readonly verdict: Verdict;
  /** After a failure what to do, and otherwise why it is so; may be empty. */
  readonly detail: string;
  /** Name of the runbook that goes on from here. */
  readonly runbook?: string;
}

type Finding = Pick<Row, "id" | "title" | "observed" | "limit">;

/** A row without a verdict, and why there is none. */
export function unknownRow(
  { id, title, limit }: Omit<Finding, "observed">,
  detail: string,
  observed = "-",
): Row {
  return { id, title, observed, limit, verdict: "unknown", detail };
}

/** A row that only tells what was found, with a suggestion or none. */
export function toldRow({ id, title, observed, limit }: Finding, detail = ""): Row {
  return { id, title, observed, limit, verdict: "pass", detail };
}

/** A row that passes when `holds`; what to do is told only when it does not. */
export function checkedRow(
  finding: Finding,
  holds: boolean,
  otherwise: Pick<Row, "detail" | "runbook">,
  detail = "",
): Row {
  const row = toldRow(finding, detail);
  return holds ? row : { ...row, verdict: "fail", ...otherwise };
}

/** What is compared with a limit. */
interface Observed {
  readonly id: string;
  readonly title: string;
  readonly limit: Limit;
  /** In the limit's unit; NaN when nothing was measured. */
  readonly value: number;
  /** Why there may be no value. */
  readonly missing: string;
  /** What to do when the limit is broken. */
  readonly todo: string;
  readonly runbook: string;
}

/** The row of a value and its limit; a value at its limit has failed, as its alert would say. */
export function limitRow({ id, title, limit, value, missing, todo, runbook }: Observed): Row {
  const row = { id, title, limit: formatLimit(limit) };
  if (!Number.isFinite(value)) return unknownRow(row, missing);
  const observed = formatValue(value, limit.unit, limit.id);
  return checkedRow({ ...row, observed }, !isBroken(limit, value), { detail: todo, runbook });
}
