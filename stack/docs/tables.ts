import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  FINDING_LIMITS,
  LIMITS,
  MEMORY_FRACTION,
  type FindingLimit,
  type Limit,
} from "@headroom/alerts/limits";
import { alertsOf, ruleGroups } from "@headroom/alerts/rules/index";
import { isAlert, type AlertingRule } from "@headroom/alerts/rules/group";
import { PROBLEMS } from "@headroom/exporter/errors";
import { formatLimit } from "@headroom/loadtest/report/format";
import { ROOT } from "../places.ts";
import { markdownTable } from "./markdown-table.ts";

const GROUPS = ruleGroups();

/** Every limit with its name in `headroom_limit`. */
export const limitTable = (): string => allowedTable(LIMITS);

/** What a status analysis calls a warning or critical. */
export const findingTable = (): string => allowedTable(FINDING_LIMITS);

/** Every alert: how urgent, after how long, what it means, and its runbook. */
export const alertTable = (): string =>
  markdownTable(
    ["Alert", "Severity", "Fires after", "Limit", "Meaning"],
    [...Map.groupBy(alertsOf(GROUPS), ({ alert }) => alert)].map(([alert, [rule, ...others]]) => [
      `[${alert}](../alerts/runbooks/${alert}.md)`,
      rule!.labels.severity,
      patience(rule!),
      limitsOf([rule!, ...others]),
      meaningOf(alert),
    ]),
  );

/** The series that Prometheus records, with their expressions. */
export const recordedTable = (): string =>
  markdownTable(
    ["Series", "Group", "Expression"],
    GROUPS.flatMap(({ name, rules }) =>
      rules.flatMap((rule) =>
        isAlert(rule) ? [] : [[`\`${rule.record}\``, `\`${name}\``, `\`${rule.expr}\``]],
      ),
    ),
  );

/** The codes of errors, of both programs. */
export const problemTable = (): string =>
  markdownTable(
    ["Code", "Status", "Title"],
    Object.entries(PROBLEMS)
      .toSorted(([, a], [, b]) => a.status - b.status)
      .map(([code, { status, title }]) => [`\`${code}\``, String(status), title]),
  );

function allowedTable(limits: readonly (Limit | FindingLimit)[]): string {
  return markdownTable(
    ["Limit", "Title", "Severity", "Allowed"],
    limits.map((limit) => [`\`${limit.id}\``, limit.title, limit.severity, allowed(limit)]),
  );
}

function allowed(limit: Limit | FindingLimit): string {
  if (limit.unit === "count") {
    return limit.bound === "upper" ? `below ${limit.upper}` : `above ${limit.lower}`;
  }
  const share = `, and ${100 * MEMORY_FRACTION[limit.severity]} % of what the scope has`;
  return `${formatLimit(limit as Limit)}${limit.id === "memory" ? share : ""}`;
}

/** The limits that rules of one name are about, as a list. */
const limitsOf = (rules: readonly AlertingRule[]): string =>
  rules.flatMap(({ labels }) => (labels.limit ? [`\`${labels.limit}\``] : [])).join(", ");

const patience = (rule: AlertingRule): string =>
  rule.keep_firing_for === undefined
    ? rule.for
    : `${rule.for}; goes on for ${rule.keep_firing_for}`;

/** The first paragraph of a runbook's meaning; links among runbooks have no place here. */
function meaningOf(alert: string): string {
  const text = readFileSync(join(ROOT, "alerts", "runbooks", `${alert}.md`), "utf8");
  const [, paragraph = ""] = /^## Meaning\n+(.+?)\n\n/ms.exec(text) ?? [];
  return paragraph.replace(/\[([^\]]+)\]\([^)]*\)/g, "$1");
}
