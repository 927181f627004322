import { z } from "zod";
import { FALLBACK_REASONS, type FallbackReason, type Statement, type Summary } from "../answer.ts";
import { FINDING_KINDS, FINDING_SEVERITIES, FINDING_UNITS, worstOf } from "../findings/finding.ts";
import type { ScenarioFindings } from "../scenarios.ts";
import { SNAPSHOT_PARTS, type Snapshot } from "../snapshot/snapshot.ts";
import type { Arrangement } from "./arrangement.ts";

/** What is found in a snapshot, in the language that was asked for. */
export function statementFrom(
  { findings, language }: ScenarioFindings,
  { takenAt, unavailable }: Snapshot,
): Statement {
  return {
    // What cannot be seen is not known to be ok.
    status: findings.length === 0 && unavailable.length > 0 ? "warning" : worstOf(findings),
    takenAt,
    findings: findings.map((finding) => ({ ...finding, text: finding.text[language] })),
    unavailable,
  };
}

/**
 * Ends an arrangement; code says what no model did.
 *
 * @param fallback - why it is not the model's
 */
export function summaryOf(
  statement: Statement,
  arrangement: Arrangement,
  fallback: FallbackReason | undefined,
): Summary {
  return {
    ...statement,
    summary: arrangement.finish(),
    summaryFrom: fallback ? "findings" : "model",
    ...(fallback && { fallback }),
  };
}

const schema: z.ZodType<Summary> = z.strictObject({
  status: z.enum(FINDING_SEVERITIES),
  takenAt: z.iso.datetime(),
  findings: z.array(
    z.strictObject({
      kind: z.enum(FINDING_KINDS),
      subject: z.string(),
      severity: z.enum(FINDING_SEVERITIES),
      values: z.array(
        z.strictObject({ name: z.string(), value: z.number(), unit: z.enum(FINDING_UNITS) }),
      ),
      limit: z.number().optional(),
      text: z.string(),
    }),
  ),
  unavailable: z.array(z.strictObject({ part: z.enum(SNAPSHOT_PARTS), reason: z.string() })),
  summary: z.string().min(1),
  summaryFrom: z.enum(["model", "findings"]),
  fallback: z.enum(FALLBACK_REASONS).optional(),
}) as z.ZodType<Summary>;

/**
 * Checks a summary that comes from outside this process.
 *
 * @throws ZodError when it has another shape
 */
export function parseSummary(value: unknown): Summary {
  return schema.parse(value);
}
