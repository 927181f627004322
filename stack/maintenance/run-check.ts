import type { LiveLine } from "../progress.ts";
import { QueryRefused } from "./prometheus-reader.ts";
import { type Row, unknownRow, type Verdict } from "./row.ts";
import type { Examined, Step } from "./step.ts";

/** How often a check looks at the stack, and by that what it looks at. */
export type CheckKind = "daily" | "weekly" | "monthly";

/** What came out of a check; printed as JSON, so a change of the shape breaks readers. */
export interface CheckResult {
  readonly kind: CheckKind;
  /** ISO 8601. */
  readonly at: string;
  /** Addresses of the exporter, of the incidents process and of Prometheus. */
  readonly url: string;
  readonly incidents: string;
  readonly prometheus: string;
  /** Whether a simulated engine answers, so that figures are made up. */
  readonly simulated: boolean;
  readonly steps: readonly Row[];
  readonly counts: Readonly<Record<Verdict, number>>;
}

/**
 * Runs the steps one after the other. A step whose query Prometheus refuses has one unknown row.
 *
 * @throws CouldNotRun when what is checked cannot be read any more, or the signal's reason
 */
export async function runCheck(
  kind: CheckKind,
  steps: readonly Step[],
  examined: Examined,
  { line, signal }: { readonly line: LiveLine; readonly signal: AbortSignal },
): Promise<CheckResult> {
  const rows: Row[] = [];
  try {
    for (const [index, step] of steps.entries()) {
      signal.throwIfAborted();
      line.show(`${index + 1}/${steps.length} ${step.title}`);
      rows.push(...(await rowsOf(step, examined)));
    }
  } finally {
    line.end();
  }
  signal.throwIfAborted();
  const count = (wanted: Verdict): number =>
    rows.filter(({ verdict }) => verdict === wanted).length;
  return {
    kind,
    at: new Date(examined.at * 1000).toISOString(),
    url: examined.exporter.url,
    incidents: examined.incidents,
    prometheus: examined.prometheus.url,
    simulated: examined.exporter.identity.simulated,
    steps: rows,
    counts: { pass: count("pass"), fail: count("fail"), unknown: count("unknown") },
  };
}

async function rowsOf(step: Step, examined: Examined): Promise<readonly Row[]> {
  try {
    return await step.rows(examined);
  } catch (error) {
    if (!(error instanceof QueryRefused)) throw error;
    return [unknownRow({ id: step.id, title: step.title, limit: "-" }, error.message)];
  }
}
