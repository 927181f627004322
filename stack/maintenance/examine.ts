import { JOBS } from "@headroom/alerts/rules/options";
import type { ExporterState } from "./exporter-reader.ts";
import { readExporter } from "./exporter-reader.ts";
import { PrometheusReader } from "./prometheus-reader.ts";
import type { Examined } from "./step.ts";

/** Addresses of what is checked, without a slash at the end. */
export interface Addresses {
  readonly prometheus: string;
  readonly url: string;
  /** Where runbooks are served. */
  readonly incidents: string;
  /** Of the exporter, when it wants one. */
  readonly token: string | undefined;
}

/**
 * Reads the exporter and finds its series in Prometheus.
 *
 * @throws CouldNotRun when one of both is not there
 */
export async function examine(
  { prometheus: address, url, incidents, token }: Addresses,
  signal: AbortSignal,
): Promise<Examined> {
  const prometheus = new PrometheusReader(address, signal);
  const at = Date.now() / 1000;
  const job = JOBS.exporter;
  const scraped = await prometheus.samples(`up{job="${job}"}`, at);
  const exporter = await readExporter(url, token, signal);
  const instances = scraped.map(({ labels }) => labels["instance"] ?? "");
  const instance = instanceOf(exporter, instances);
  const matchers = `job="${job}", instance="${instance}"`;
  return { prometheus, exporter, incidents, instance, matchers, limits: exporter.limits, at };
}

/**
 * What Prometheus calls the exporter: its own address, or whatever the only one is called that it
 * reads, as in containers, where names differ from those outside.
 */
export function instanceOf(
  { url }: Pick<ExporterState, "url">,
  instances: readonly string[],
): string {
  const { host } = new URL(url);
  const [only] = instances;
  return instances.length === 1 && only !== undefined ? only : host;
}
