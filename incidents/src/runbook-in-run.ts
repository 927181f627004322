import { readFile } from "node:fs/promises";
import { z } from "zod";

/** The addresses that runbooks name: those that everything has where no other was chosen. */
const GENERAL: Readonly<Record<string, keyof Run["addresses"]>> = {
  "http://127.0.0.1:9700": "exporter",
  "http://127.0.0.1:9702": "incidents",
  "http://127.0.0.1:9090": "prometheus",
  "http://127.0.0.1:9093": "alertmanager",
  "redis://127.0.0.1:6379": "redis",
};
const ADDRESS = /\b(?:http|redis):\/\/127\.0\.0\.1:\d+/g;

/** A log as runbooks name it: that of whichever run. */
const LOG = /\.runs\/\*\/logs\/([\w-]+\.log)/g;

/** Without what a shell, or Markdown, would read as something else; a password stays where it is known. */
const address = z
  .url({ protocol: /^(https?|rediss?)$/ })
  .transform((text) => {
    const url = new URL(text);
    return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, "")}`;
  })
  .pipe(z.string().regex(/^[\w.:/[\]%-]+$/))
  .optional()
  .catch(undefined);

const folder = z
  .string()
  .regex(/^\/[^`\u0000-\u001f\u007f]*$/)
  .optional()
  .catch(undefined);

const RUN = z.object({
  addresses: z
    .object({
      ...{ exporter: address, incidents: address, prometheus: address },
      ...{ alertmanager: address, redis: address },
    })
    .catch({}),
  logs: folder,
  graph: address,
});

/** Where the programs are that run together with this one; what is not known is undefined. */
export type Run = Readonly<z.output<typeof RUN>>;

/** Nothing is known. */
const NO_RUN: Run = { addresses: {} };

/**
 * Reads what `npm start` wrote of its run. A file that is not there yet, or is something else, tells
 * nothing: a runbook is wanted in any case.
 */
export async function readRun(file: string | undefined): Promise<Run> {
  if (file === undefined) return NO_RUN;
  const text = await readFile(file, "utf8").catch(() => "");
  try {
    return RUN.catch(NO_RUN).parse(JSON.parse(text));
  } catch {
    return NO_RUN;
  }
}

/** A runbook with the addresses and logs of a run in the place of the general ones. */
export function inRun(text: string, { addresses, logs }: Run): string {
  const here = text.replaceAll(ADDRESS, (general) => {
    const service = GENERAL[general];
    return (service && addresses[service]) ?? general;
  });
  return logs === undefined ? here : here.replaceAll(LOG, (_, name) => quoted(`${logs}/${name}`));
}

/** As a shell reads it. */
function quoted(path: string): string {
  return /^[\w./@%+,:=-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** The data source of Prometheus as Grafana is given it. */
export const DATA_SOURCE = "headroom-prometheus";

/**
 * The page that shows a PromQL expression: of the run, else Explore of a Grafana.
 *
 * @returns undefined where neither is known
 */
export function queryPage(
  expression: string,
  { graph }: Run,
  grafana: string | undefined,
): string | undefined {
  if (graph) return `${graph}?${new URLSearchParams({ "g0.expr": expression, "g0.tab": "0" })}`;
  if (grafana === undefined) return undefined;
  const datasource = { type: "prometheus", uid: DATA_SOURCE };
  const pane = {
    datasource: DATA_SOURCE,
    queries: [{ refId: "A", expr: expression, datasource }],
    range: { from: "now-1h", to: "now" },
  };
  // As https://grafana.com/docs/grafana/latest/explore/get-started-with-explore/ describes it.
  const query = { schemaVersion: "1", orgId: "1", panes: JSON.stringify({ headroom: pane }) };
  return `${grafana.replace(/\/+$/, "")}/explore?${new URLSearchParams(query)}`;
}
