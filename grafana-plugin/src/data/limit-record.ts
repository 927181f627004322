import type { Labels } from "@grafana/data";
import type { Severity } from "../model/limit.ts";

/** One edge of a limit, as a query gave it. */
export interface LimitRecord {
  /** Name of the limit, to be matched with a series. */
  readonly limit: string;
  readonly severity: Severity;
  readonly bound: "upper" | "lower";
  /** In the series' own unit. */
  readonly value: number;
  /** The other labels, which must agree with those of the series. */
  readonly labels: Labels;
}

/** Labels that name a metric or say what the limit is; they tell no two machines apart. */
const OWN_LABELS: ReadonlySet<string> = new Set(["__name__", "limit", "severity", "bound"]);

/** What the labels of a limit's edge say; undefined when they are not those of one. */
export function edgeOf(labels: Labels): Omit<LimitRecord, "value"> | undefined {
  const { limit, severity, bound } = labels;
  if (!limit) return undefined;
  if (severity !== "warning" && severity !== "critical") return undefined;
  if (bound !== "upper" && bound !== "lower") return undefined;
  return { limit, severity, bound, labels: comparableLabels(labels) };
}

/** The labels that say whose value or limit it is. */
export function comparableLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !OWN_LABELS.has(name)));
}

/** Whether all labels that both carry are equal. */
export function labelsAgree(a: Labels, b: Labels): boolean {
  return Object.entries(a).every(([name, value]) => b[name] === undefined || b[name] === value);
}
