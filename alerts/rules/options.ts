import type { Limit } from "../limits.ts";
import { LIMITS } from "../limits.ts";
import type { Pace } from "./pace.ts";
import { PACE } from "./pace.ts";

/** Where the exporter listens unless it is told otherwise. */
export const DEFAULT_EXPORTER = "127.0.0.1:9700";

/** What the rules depend on. */
export interface RuleOptions {
  readonly limits: readonly Limit[];
  readonly pace: Pace;
  /** Where runbooks are served, without a trailing slash. */
  readonly runbooks: string;
  /** The Prometheus job that scrapes the exporter. */
  readonly job: string;
}

/** The options behind the committed rules: the reference machine and the exporter's own runbooks. */
export const DEFAULT_RULE_OPTIONS: RuleOptions = {
  limits: LIMITS,
  pace: PACE,
  runbooks: `http://${DEFAULT_EXPORTER}/runbooks`,
  job: "headroom",
};

/** The address of an alert's runbook. */
export function runbookUrl(options: RuleOptions, alert: string): string {
  return `${options.runbooks}/${alert}`;
}
