import { isBroken } from "@headroom/alerts/headroom";
import type { Limit } from "@headroom/alerts/limits";
import { formatLimit, formatValue } from "@headroom/loadtest/report/format";
import { checkedRow, type Row, unknownRow } from "./row.ts";

/** What is held against a limit. */
export interface Observed {
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
