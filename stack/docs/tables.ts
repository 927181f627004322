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
import { createMetrics } from "@headroom/exporter/metrics/metrics";
import type { Exposition } from "@headroom/exporter/metrics/prometheus";
import { createMetrics as createIncidentsMetrics } from "@headroom/incidents/metrics";
import { formatLimit } from "@headroom/loadtest/report/format";
import { ROOT } from "../places.ts";

const GROUPS = ruleGroups();

/** Every limit with its name in `headroom_limit`. */
export const limitTable = (): string => allowedTable(LIMITS);

/** What a status answer calls a warning or critical. */
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

/** What prom-client knows of a metric; its types leave out the last two. */
interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: unknown;
  readonly labelNames: readonly string[];
  readonly buckets?: readonly number[];
}

/** Units by the end of a metric's name, once the `_total` of counters is gone; the first that fits. */
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/_info$/, "info"],
  [/_timestamp_seconds$|_start_time_seconds$/, "seconds since 1970"],
  [/_seconds$/, "seconds"],
  [/_bytes$/, "bytes"],
  [/_nats$/, "nats"],
  [/_ratio$/, "ratio"],
  [/_limit$/, "that of the limit"],
  [/_ready$/, "0 or 1"],
  [/_token_usage$/, "tokens"],
];

/** The metrics of the exporter; nothing is measured, only what would be is listed. */
export function exporterMetrics(): string {
  const metrics = createMetrics({ version: "0" });
  const none = async () => [];
  metrics.watch({
    models: [
      { id: "none", fingerprint: "", engine: "simulated", architecture: "none", memoryBytes: 0 },
    ],
    ready: { sentiment: () => undefined, status: () => undefined },
    queueDepth: () => 0,
    cacheStats: { sentiment: none, status: none },
    chat: {
      model: () => undefined,
      waiting: () => 0,
      busy: () => 0,
      memoryBytes: () => undefined,
    },
    chatRequests: { inFlight: () => 0, waiting: () => undefined, upstreamUp: () => undefined },
    memory: async () => ({}),
    limits: none,
  });
  metrics.close();
  return metricTable(metrics.exposition);
}

/** The metrics of the incidents process. */
export function incidentsMetrics(): string {
  const metrics = createIncidentsMetrics();
  metrics.watch(
    async () => [],
    async () => [],
  );
  metrics.close();
  return metricTable(metrics.exposition);
}

function metricTable({ registry }: Exposition): string {
  const metrics = registry.getMetricsAsArray() as unknown as readonly Metric[];
  return markdownTable(
    ["Name", "Type", "Labels", "Unit", "Meaning", "Buckets"],
    metrics
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, type, labelNames, help, buckets }) => [
        `\`${name}\``,
        String(type),
        labelNames.map((label) => `\`${label}\``).join(", "),
        unitOf(name),
        help,
        buckets?.join(", ") ?? "",
      ]),
  );
}

function unitOf(name: string): string {
  const measured = name.replace(/_total$/, "");
  return UNITS.find(([end]) => end.test(measured))?.[1] ?? "count";
}

/** A table in Markdown; a cell's line breaks become spaces. */
function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
