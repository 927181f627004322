import { z } from "zod";
import type { FindingSeverity } from "./findings/finding.ts";
import {
  FALLBACK_REASONS,
  type AnsweredFinding,
  type FallbackReason,
  type StatusAnswer,
  type StatusBudget,
} from "./answer.ts";
import type { Arrangement } from "./arrangement.ts";
import type { Question } from "./ask-model.ts";
import { FINDING_KINDS } from "./findings/finding.ts";
import { worstOf } from "./findings/worst.ts";
import { SNAPSHOT_PARTS, type Snapshot, type UnavailablePart } from "./snapshot/snapshot.ts";

/** The state of the machine in one language: what an answer says besides its summary. */
export interface Statement {
  readonly status: FindingSeverity;
  readonly takenAt: string;
  readonly findings: readonly AnsweredFinding[];
  readonly unavailable: readonly UnavailablePart[];
}

/** A statement with its summary, as it is cached: the two belong together. */
export interface Summary extends Statement {
  readonly summary: string;
  readonly summaryFrom: "model" | "findings";
  readonly fallback?: FallbackReason;
}

/** What a snapshot's findings say, in the question's language. */
export function statementFrom({ findings, language }: Question, snapshot: Snapshot): Statement {
  return {
    // What cannot be seen is not known to be ok.
    status:
      findings.length === 0 && snapshot.unavailable.length > 0 ? "warning" : worstOf(findings),
    takenAt: snapshot.takenAt,
    findings: findings.map((finding) => ({ ...finding, text: finding.text[language] })),
    unavailable: snapshot.unavailable,
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

/** What making a summary cost; nothing when it was not made by the model. */
export interface SummaryCost {
  readonly queueMs: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
  readonly tokens: StatusAnswer["tokens"];
  readonly budget: StatusBudget | null;
}

/** The cost of an answer that no model was asked for. */
export const NO_COST: SummaryCost = {
  queueMs: 0,
  prefillMs: 0,
  decodeMs: 0,
  tokens: { input: 0, evaluated: 0, output: 0 },
  budget: null,
};

const severity = z.enum(["ok", "warning", "critical"]);

const schema: z.ZodType<Summary> = z.strictObject({
  status: severity,
  takenAt: z.iso.datetime(),
  findings: z.array(
    z.strictObject({
      kind: z.enum(FINDING_KINDS),
      subject: z.string(),
      severity,
      values: z.array(
        z.strictObject({
          name: z.string(),
          value: z.number(),
          unit: z.enum(["ratio", "bytes", "bytes_per_second", "seconds", "count"]),
        }),
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
