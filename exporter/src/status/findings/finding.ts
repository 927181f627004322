import { z } from "zod";
import type { Language } from "../../language.ts";
import type { TypeOf } from "../../type-of.ts";

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
const FINDING_UNITS = ["ratio", "bytes", "bytes_per_second", "seconds", "count"] as const;

/** See {@link FINDING_UNITS}. */
export type FindingUnit = (typeof FINDING_UNITS)[number];

const FINDING_VALUE = z.strictObject({
  name: z.string().describe("Stable name in snake case, such as `used`."),
  value: z.number(),
  unit: z.enum(FINDING_UNITS).describe("A ratio is 0 to 1."),
});

/** One measured number. */
export type FindingValue = TypeOf<typeof FINDING_VALUE>;

/** A finding as an answer holds it: in one language. */
export const ANSWERED_FINDING = z.strictObject({
  kind: z.enum(FINDING_KINDS),
  subject: z.string().describe("Name of a mount, an interface or a program; else empty."),
  severity: z.enum(FINDING_SEVERITIES),
  values: z.array(FINDING_VALUE).describe("The first value is the one that was judged."),
  limit: z.number().exactOptional().describe("What is broken, in the first value's unit."),
  text: z.string().describe("One sentence with the values and, when it is broken, the limit."),
});

/** A statement about the machine that code computed; it is true by construction. */
export type Finding = Omit<TypeOf<typeof ANSWERED_FINDING>, "text"> & {
  /** In each language. */
  readonly text: Readonly<Record<Language, string>>;
};

/** How bad a severity is; the higher, the worse. */
export function severityRank(severity: FindingSeverity): number {
  return FINDING_SEVERITIES.indexOf(severity);
}

/** The worst severity among the findings; ok when there are none. */
export function worstOf(findings: readonly Pick<Finding, "severity">[]): FindingSeverity {
  const worst = Math.max(0, ...findings.map(({ severity }) => severityRank(severity)));
  return FINDING_SEVERITIES[worst]!;
}
