import { LIMITS, MEMORY_FRACTION, type Limit, type Severity } from "../limits.ts";
import { PACE, type Pace } from "./pace.ts";

/** Where the exporter listens unless it is told otherwise. */
export const DEFAULT_EXPORTER = "127.0.0.1:9700";

/** The same of the incidents process, which takes alerts and serves runbooks. */
export const DEFAULT_INCIDENTS = "127.0.0.1:9702";

/** The Prometheus jobs that scrape the two, and the model server behind the exporter. */
export const JOBS = {
  exporter: "headroom",
  incidents: "headroom-incidents",
  upstream: "upstream",
} as const;

/** The dashboards that alerts link, by their uids. */
export type DashboardUid =
  | "headroom-overview"
  | "headroom-sentiment"
  | "headroom-status"
  | "headroom-chat"
  | "headroom-operations";

/** What the rules depend on. */
export interface RuleOptions {
  readonly limits: readonly Limit[];
  /** Share of a scope's capacity to which its memory is held, beside the limit in bytes. */
  readonly memoryFraction: Readonly<Record<Severity, number>>;
  readonly pace: Pace;
  /** Where runbooks are served, without a trailing slash. */
  readonly runbooks: string;
  /** Where Grafana shows the dashboards, without a trailing slash. */
  readonly dashboards: string;
}

/** The options behind the committed rules: the reference machine, and everything on this one. */
export const DEFAULT_RULE_OPTIONS: RuleOptions = {
  limits: LIMITS,
  memoryFraction: MEMORY_FRACTION,
  pace: PACE,
  runbooks: `http://${DEFAULT_INCIDENTS}/runbooks`,
  // Grafana of the compose file.
  dashboards: "http://127.0.0.1:3000",
};

/** The address of an alert's runbook. */
export function runbookUrl(options: RuleOptions, alert: string): string {
  return `${options.runbooks}/${alert}`;
}

/** The template that makes a dashboard show the alert's exporter, or every one if it names none. */
export const INSTANCE_IN_LINKS = "{{ with $labels.instance }}?var-instance={{ . }}{{ end }}";

/** The address of a dashboard, for the exporter that the alert names. */
export function dashboardUrl(options: RuleOptions, uid: DashboardUid): string {
  return `${options.dashboards}/d/${uid}${INSTANCE_IN_LINKS}`;
}
