import type { Bound, Severity } from "../limits.ts";
import { firstAction } from "./action.ts";
import { type Condition, conditionOf, noHeadroom } from "./condition.ts";
import { dashboardUrl, runbookUrl, type DashboardUid, type RuleOptions } from "./options.ts";
import { holdFor } from "./pace.ts";

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
  /** What its runbook says to do first, in one line. */
  readonly action: string;
  /** The dashboard that shows what the alert is about. */
  readonly dashboard_url: string;
}

/**
 * How urgent an alert is. Limits know the first two; `info` tells of something that may be intended,
 * and nobody is notified of it.
 */
type AlertSeverity = Severity | "info";

/** A condition that Prometheus watches. */
export interface AlertingRule extends Condition {
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

/** What an alert is made of; see {@link AlertingRule}. */
interface AlertParts extends Condition {
  readonly alert: string;
  readonly for: string;
  readonly severity: AlertSeverity;
  readonly limit?: string;
  readonly summary: string;
  readonly description: string;
  readonly dashboard: DashboardUid;
}

/** An alert with the links to its runbook and to the dashboard that shows its exporter. */
export function alertRule(options: RuleOptions, parts: AlertParts): AlertingRule {
  const { alert, expr, watched, severity, limit, summary, description, dashboard } = parts;
  return {
    ...{ alert, expr, watched, for: parts.for },
    labels: { severity, ...(limit !== undefined && { limit }) },
    annotations: {
      ...{ summary, description, runbook_url: runbookUrl(options, alert) },
      action: firstAction(alert),
      dashboard_url: dashboardUrl(options, dashboard),
    },
  };
}

/**
 * The parts of an alert that fires while a series has no headroom left under a limit.
 *
 * @param measure - see {@link holdFor}
 */
export function onLimit(
  { pace }: RuleOptions,
  series: string,
  allowed: Bound & { readonly severity: Severity; readonly id?: string },
  measure: "window" | "now",
): Pick<AlertParts, "expr" | "watched" | "for" | "severity" | "limit"> {
  const { severity, id } = allowed;
  return {
    ...conditionOf(noHeadroom(allowed), (compared) => compared(series)),
    for: holdFor(pace, severity, measure),
    ...{ severity, ...(id !== undefined && { limit: id }) },
  };
}
