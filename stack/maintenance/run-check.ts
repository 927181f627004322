import type { LiveLine } from "../progress.ts";
import type { Document } from "./documents.ts";
import type { Examined } from "./examine.ts";
import { QueryRefused } from "./prometheus-reader.ts";
import { type Row, type Step, unknownRow, type Verdict } from "./step.ts";
import { alerts, incidents, rules, scrape } from "./steps/alerting.ts";
import { attribution } from "./steps/attribution.ts";
import { cacheAnswers, cacheEfficiency } from "./steps/cache.ts";
import { anomalies, trends } from "./steps/changes.ts";
import { configuration } from "./steps/configuration.ts";
import { generated, links, runbookCommands } from "./steps/documentation.ts";
import { accelerator, metricFamilies, models } from "./steps/exporter.ts";
import { baselineAge, fullLoad, newBaseline, type RunLoad, SKIPPED_LOAD } from "./steps/load.ts";
import { memoryPeak, memoryTrend } from "./steps/memory.ts";
import { chatAnswers, errors, latency, statusAnswers } from "./steps/requests.ts";

/** How often a check looks at the stack, and by that what it looks at. */
export type CheckKind = "daily" | "weekly" | "monthly";

/** What a check may be told, and what it needs of its surroundings. */
export interface CheckSettings {
  readonly load: (profile: "baseline" | "throughput") => RunLoad;
  /** Folder of the saved baselines. */
  readonly baselines: string;
  readonly documents: readonly Document[];
  /** Told what somebody should know before the check is over. */
  readonly say: (text: string) => void;
  readonly updateBaseline: boolean;
  readonly skipLoad: boolean;
  /** Whether links to the web are asked for. */
  readonly online: boolean;
}

/** The steps of a check, in order. */
export function stepsOf(kind: CheckKind, settings: CheckSettings): readonly Step[] {
  const { load, baselines: folder, documents, say } = settings;
  switch (kind) {
    case "daily":
      return [
        ...[scrape, rules, models, alerts, incidents, errors, latency, statusAnswers],
        ...[chatAnswers, memoryPeak, memoryTrend, attribution, cacheAnswers, anomalies],
      ];
    case "weekly":
      return [
        ...[scrape, trends, cacheEfficiency, accelerator],
        settings.updateBaseline
          ? newBaseline({ run: load("baseline"), folder, say })
          : baselineAge(folder),
      ];
    case "monthly":
      return [
        scrape,
        settings.skipLoad ? SKIPPED_LOAD : fullLoad(load("throughput")),
        ...[metricFamilies, configuration, generated],
        links(documents, settings.online),
        runbookCommands(documents),
      ];
  }
}

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
    return [unknownRow({ ...step, limit: "-" }, error.message)];
  }
}
