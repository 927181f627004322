/** How a step of a check ended; unknown when there was nothing to judge, and why is then told. */
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

/** A row that could not be judged. */
export function unknownRow(
  { id, title, limit }: Pick<Row, "id" | "title" | "limit">,
  detail: string,
  observed = "-",
): Row {
  return { id, title, observed, limit, verdict: "unknown", detail };
}

/** A row that only tells what was found, with a suggestion or none. */
export function toldRow(row: Omit<Row, "verdict" | "detail" | "runbook">, detail = ""): Row {
  return { ...row, verdict: "pass", detail };
}

/** A row that passes when `holds`; what to do is told only when it does not. */
export function checkedRow(
  row: Omit<Row, "verdict" | "detail" | "runbook">,
  holds: boolean,
  otherwise: { readonly detail: string; readonly runbook?: string },
  detail = "",
): Row {
  return holds ? { ...row, verdict: "pass", detail } : { ...row, verdict: "fail", ...otherwise };
}
