import type { Report } from "@headroom/loadtest/run";
import type { Document } from "./documents.ts";
import type { CheckKind } from "./run-check.ts";
import type { Step } from "./step.ts";
import { accelerator } from "./steps/accelerator.ts";
import { alerts } from "./steps/alerts.ts";
import { anomalies } from "./steps/anomalies.ts";
import { attribution } from "./steps/attribution.ts";
import { baselineAge } from "./steps/baseline-age.ts";
import { cacheAnswers } from "./steps/cache-answers.ts";
import { cacheEfficiency } from "./steps/cache-efficiency.ts";
import { configuration } from "./steps/configuration.ts";
import { errors } from "./steps/errors.ts";
import { fullLoad, SKIPPED_LOAD } from "./steps/full-load.ts";
import { generated } from "./steps/generated.ts";
import { incidents } from "./steps/incidents.ts";
import { latency } from "./steps/latency.ts";
import { links } from "./steps/links.ts";
import { memoryPeak } from "./steps/memory-peak.ts";
import { memoryTrend } from "./steps/memory-trend.ts";
import { metricFamilies } from "./steps/metric-families.ts";
import { models } from "./steps/models.ts";
import { newBaseline } from "./steps/new-baseline.ts";
import { rules } from "./steps/rules.ts";
import { runbookCommands } from "./steps/runbook-commands.ts";
import { scrape } from "./steps/scrape.ts";
import { statusAnswers } from "./steps/status-answers.ts";
import { trends } from "./steps/trends.ts";

/** What a check may be told, and what it needs of its surroundings. */
export interface CheckSettings {
  /** Runs a load profile against an exporter. */
  readonly load: (
    profile: "baseline" | "throughput",
    exporter: { url: string; token: string | undefined },
  ) => Promise<Report>;
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
        ...[memoryPeak, memoryTrend, attribution, cacheAnswers, anomalies],
      ];
    case "weekly":
      return [
        ...[scrape, trends, cacheEfficiency, accelerator],
        settings.updateBaseline
          ? newBaseline({ run: (exporter) => load("baseline", exporter), folder, say })
          : baselineAge(folder),
      ];
    case "monthly":
      return [
        scrape,
        settings.skipLoad ? SKIPPED_LOAD : fullLoad((exporter) => load("throughput", exporter)),
        ...[metricFamilies, configuration, generated],
        links(documents, settings.online),
        runbookCommands(documents),
      ];
  }
}
