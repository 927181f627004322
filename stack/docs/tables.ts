import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FINDING_LIMITS, LIMITS, type FindingLimit, type Limit } from "@headroom/alerts/limits";
import { alertsOf, ruleGroups } from "@headroom/alerts/rules/index";
import { isAlert, type AlertingRule } from "@headroom/alerts/rules/group";
import { inWords } from "@headroom/alerts/rules/wording";
import { PROBLEMS } from "@headroom/exporter/errors";
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
    alertsOf(GROUPS).map((rule) => [
      `[${rule.alert}](../alerts/runbooks/${rule.alert}.md)`,
      rule.labels.severity,
      patience(rule),
      rule.labels.limit === undefined ? "" : `\`${rule.labels.limit}\``,
      meaningOf(rule.alert),
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
  const words = { upper: "below", lower: "above", band: "from" }[limit.bound];
  const share = limit.id === "memory" ? ", or the share of a smaller capacity" : "";
  return `${words} ${inWords(limit)}${share}`;
}

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
