import type { Limit } from "@headroom/alerts/limits";
import type { ExporterState } from "./exporter-reader.ts";
import type { PrometheusReader } from "./prometheus-reader.ts";
import type { Row } from "./row.ts";

/** What the steps of a check look at. */
export interface Examined {
  readonly prometheus: PrometheusReader;
  readonly exporter: ExporterState;
  /** Address of the incidents process, which serves the runbooks. */
  readonly incidents: string;
  /** What Prometheus calls the exporter. */
  readonly instance: string;
  /** Label matchers of the exporter's series, without braces. */
  readonly matchers: string;
  readonly limits: readonly Limit[];
  /** When the check began, in seconds since 1970; every query is asked for this moment. */
  readonly at: number;
}

/** One step of a check: what it reads, and the rows that follow. */
export interface Step {
  /** Stable name, and that of the row when the step could read nothing. */
  readonly id: string;
  readonly title: string;
  /** @throws QueryRefused when Prometheus refuses a query, CouldNotRun when nothing can be judged */
  rows(examined: Examined): Promise<readonly Row[]>;
}

/** Seconds of the times that checks look back. */
export const SECONDS = { hour: 3_600, day: 86_400, week: 604_800, month: 2_592_000 } as const;
