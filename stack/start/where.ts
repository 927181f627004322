import { join } from "node:path";
import type { RunFolder } from "../run-folder.ts";

/** Where the parts of a run answer. */
export interface Addresses {
  /** The live page. */
  readonly page: string;
  readonly exporter: string;
  readonly incidents: string;
  readonly prometheus: string;
  /** Undefined when no Alertmanager is installed. */
  readonly alertmanager: string | undefined;
  /** Undefined when no Redis is installed. */
  readonly redis: string | undefined;
}

/** Where the parts of a run answer and log, one a line; the report names its own files. */
export function whereEverythingIs(
  { page, exporter, incidents, prometheus, alertmanager, redis }: Addresses,
  folder: RunFolder,
): string {
  const lines: readonly (readonly [string, string])[] = [
    ["Live page", `${page}/?from=now-3m&refresh=2s`],
    ["Exporter", `${exporter}/v1/sentiment`],
    ["Limits", `${exporter}/v1/limits`],
    ["Metrics", `${exporter}/metrics`],
    ["Prometheus", prometheus],
    ["Alerts", `${prometheus}/alerts`],
    ["Alertmanager", alertmanager ?? "none installed; alerts are only shown, by Prometheus"],
    ["Runbooks", `${incidents}/runbooks`],
    ["Redis", redis ?? "none installed; answers are cached in memory only"],
    ["Logs", join(folder.path, "logs")],
  ];
  return lines.map(([title, place]) => `${title.padEnd(14)}${place}`).join("\n");
}
