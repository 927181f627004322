import type { Limit } from "../model/limit.ts";
import { comparableLabels, labelsAgree, type LimitRecord } from "./limit-record.ts";
import type { Series } from "./series.ts";

/**
 * The limits that a query gave for a series. A limit belongs to it when its name is the series'
 * label `limit`, else the name of its query, else its own name, whatever the case and the
 * punctuation; and when all labels that both carry are equal. An upper and a lower edge of the same
 * limit, severity and labels are a band.
 */
export function limitsFromRecords(
  series: Pick<Series, "name" | "labels" | "frame">,
  records: readonly LimitRecord[],
): readonly Limit[] {
  const labels = comparableLabels(series.labels);
  for (const name of [series.labels["limit"], series.frame.refId, series.name]) {
    const own = records.filter(
      (record) => isSameName(record.limit, name) && labelsAgree(record.labels, labels),
    );
    if (own.length > 0) return joinEdges(own);
  }
  return [];
}

function isSameName(limit: string, name: string | undefined): boolean {
  const plain = plainName(limit);
  return plain !== "" && name !== undefined && plain === plainName(name);
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

function joinEdges(records: readonly LimitRecord[]): readonly Limit[] {
  const edges = new Map<
    string,
    Pick<LimitRecord, "severity"> & { upper?: number; lower?: number }
  >();
  for (const { limit, severity, labels, bound, value } of records) {
    const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([limit, severity, ...sorted]);
    edges.set(key, { severity, ...edges.get(key), [bound]: value });
  }
  return [...edges.values()].map(({ severity, upper, lower }): Limit => {
    if (upper === undefined) return { severity, bound: "lower", lower: lower! };
    return lower === undefined
      ? { severity, bound: "upper", upper }
      : { severity, bound: "band", lower, upper };
  });
}
