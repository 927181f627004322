import { z } from "zod";
import type { FindingSeverity } from "./findings/finding.ts";
import {
  FALLBACK_REASONS,
  type AnsweredFinding,
  type FallbackReason,
  type StatusAnswer,
  type StatusBudget,
} from "./answer.ts";
import type { UnavailablePart } from "./snapshot/snapshot.ts";
import { SNAPSHOT_PARTS } from "./snapshot/snapshot.ts";
import { FINDING_KINDS } from "./findings/finding.ts";

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
  readonly grounded: boolean;
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
  grounded: z.boolean(),
}) as z.ZodType<Summary>;

/**
 * Checks a summary that comes from outside this process.
 *
 * @throws ZodError when it has another shape
 */
export function parseSummary(value: unknown): Summary {
  return schema.parse(value);
}
