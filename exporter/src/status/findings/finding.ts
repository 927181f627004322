import type { Language } from "../../language.ts";

/** What a finding is about; the scenarios choose among these. */
export const FINDING_KINDS = [
  "cpu",
  "load",
  "container-memory",
  "memory",
  "memory-pressure",
  "swap",
  "disk",
  "interface",
  "process-count",
  "process-cpu",
  "process-memory",
  "uptime",
  "battery",
] as const;

/** See {@link FINDING_KINDS}. */
export type FindingKind = (typeof FINDING_KINDS)[number];

/** How bad a finding is, from good to bad; the worst one is the status of the answer. */
export const FINDING_SEVERITIES = ["ok", "warning", "critical"] as const;

/** See {@link FINDING_SEVERITIES}. */
export type FindingSeverity = (typeof FINDING_SEVERITIES)[number];

/** Units of a finding's values; a ratio is 0 to 1 and is written as a percentage. */
export const FINDING_UNITS = ["ratio", "bytes", "bytes_per_second", "seconds", "count"] as const;

/** See {@link FINDING_UNITS}. */
export type FindingUnit = (typeof FINDING_UNITS)[number];

/** One measured number. */
export interface FindingValue {
  /** Stable name in snake case, such as `used`. */
  readonly name: string;
  readonly value: number;
  readonly unit: FindingUnit;
}

/** A statement about the machine that code computed; it is true by construction. */
export interface Finding {
  readonly kind: FindingKind;
  /** Name of the resource as the system calls it: a mount, an interface, a program; else empty. */
  readonly subject: string;
  readonly severity: FindingSeverity;
  /** The first value is the one that was judged. */
  readonly values: readonly FindingValue[];
  /** The limit that is broken, in the unit of the first value; absent while ok. */
  readonly limit?: number;
  /** One sentence in each language, with the values and, when it is broken, the limit. */
  readonly text: Readonly<Record<Language, string>>;
}

/** How bad a severity is; the higher, the worse. */
export function severityRank(severity: FindingSeverity): number {
  return FINDING_SEVERITIES.indexOf(severity);
}

/** The worst severity among the findings; ok when there are none. */
export function worstOf(findings: readonly Pick<Finding, "severity">[]): FindingSeverity {
  const worst = Math.max(0, ...findings.map(({ severity }) => severityRank(severity)));
  return FINDING_SEVERITIES[worst]!;
}
