import type { Severity } from "../limits.ts";
import type { Judged } from "./condition.ts";

/** A series that Prometheus computes and stores; named `level:metric:operations`. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** What a person reads when the alert fires; texts may hold Prometheus templates. */
export interface AlertAnnotations {
  readonly summary: string;
  readonly description: string;
  readonly runbook_url: string;
  /** The dashboard that shows what the alert is about. */
  readonly dashboard_url: string;
}

/**
 * How urgent an alert is. Limits know the first two; `info` tells of something that may be intended,
 * and nobody is notified of it.
 */
export type AlertSeverity = Severity | "info";

/** A condition that Prometheus watches. */
export interface AlertingRule extends Judged {
  readonly alert: string;
  /** How long the condition must hold before it fires, as a Prometheus duration. */
  readonly for: string;
  /** How long it goes on firing after the condition has ended, as a Prometheus duration. */
  readonly keep_firing_for?: string;
  readonly labels: {
    readonly severity: AlertSeverity;
    /** The `limit` label of `headroom_limit`; absent when no limit is behind the alert. */
    readonly limit?: string;
  };
  readonly annotations: AlertAnnotations;
}

/** One rule of a group. */
export type Rule = RecordingRule | AlertingRule;

/** Rules that Prometheus evaluates one after the other, in this order. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** Whether a rule is an alert. */
export function isAlert(rule: Rule): rule is AlertingRule {
  return "alert" in rule;
}
