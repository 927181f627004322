import { JOBS } from "@headroom/alerts/rules/options";
import { UPSTREAM_NAMES } from "@headroom/alerts/upstream-metrics";
import { stringify } from "yaml";

/** What a Prometheus that watches exporters and their incidents process needs to know. */
export interface PrometheusSettings {
  /** Address of the exporter, `host:port`; of each in a fleet. */
  readonly exporter: string | readonly string[];
  /** Address of the incidents process, `host:port`. */
  readonly incidents: string;
  /** A Prometheus duration, for example "5s"; the rules' window must hold at least four. */
  readonly scrapeInterval: string;
  /** A Prometheus duration. */
  readonly evaluationInterval: string;
  /** Rule files or globs; relative ones start at the configuration file's folder. */
  readonly ruleFiles: readonly string[];
  /** Address of Alertmanager, `host:port`; without it alerts are only shown. */
  readonly alertmanager?: string;
  /** The model server behind the exporter, where its metrics are to be taken along. */
  readonly upstream?: UpstreamTarget | { readonly file: string };
  /** Where all series are sent as well, as to Mimir, and the label that tells whose they are there. */
  readonly remoteWrite?: { readonly url: string; readonly cluster: string } | undefined;
}

/** Where a model server shows its metrics. */
export interface UpstreamTarget {
  /** `host:port` */
  readonly host: string;
  /** "/metrics" by default. */
  readonly path?: string;
  /** "http" by default. */
  readonly scheme?: "http" | "https";
}

/**
 * Where the Prometheus of the compose file looks for the address of a model server: beside its configuration.
 * Without the file nothing is scraped, and nothing looks broken.
 */
export const UPSTREAM_FILE = "upstream.yml";

/** The intervals of the committed configuration; four scrapes and more fit the rules' window. */
export const INTERVALS = { scrapeInterval: "5s", evaluationInterval: "5s" } as const;

/** Options for every YAML file written here: no folding, so that expressions stay on one line. */
export const YAML_STYLE = { lineWidth: 0 } as const;

/**
 * A complete Prometheus configuration, as YAML.
 *
 * @throws RangeError when an address is not `host:port`
 */
export function prometheusConfig(settings: PrometheusSettings): string {
  const { remoteWrite } = settings;
  const exporters = [settings.exporter].flat();
  const target = (...addresses: readonly string[]) => ({ targets: addresses.map(hostAndPort) });
  return stringify(
    {
      global: {
        scrape_interval: settings.scrapeInterval,
        evaluation_interval: settings.evaluationInterval,
        ...(remoteWrite && { external_labels: { cluster: remoteWrite.cluster } }),
      },
      ...(remoteWrite && { remote_write: [{ url: remoteWrite.url }] }),
      rule_files: settings.ruleFiles,
      ...(settings.alertmanager && {
        alerting: { alertmanagers: [{ static_configs: [target(settings.alertmanager)] }] },
      }),
      scrape_configs: [
        { job_name: JOBS.exporter, static_configs: [target(...exporters)] },
        { job_name: JOBS.incidents, static_configs: [target(settings.incidents)] },
        ...(settings.upstream ? [upstreamJob(settings.upstream, exporters[0]!)] : []),
      ],
    },
    YAML_STYLE,
  );
}

/**
 * Scrapes a model server. Its series stand under the exporter's address: both are looked at together, and a
 * server has one exporter before it. Only what is recorded of it is kept: another exporter as a server would
 * else be taken for the one that watches it.
 */
function upstreamJob(upstream: UpstreamTarget | { readonly file: string }, exporter: string) {
  const where =
    "file" in upstream
      ? { file_sd_configs: [{ files: [upstream.file] }] }
      : {
          ...(upstream.path !== undefined && { metrics_path: upstream.path }),
          ...(upstream.scheme !== undefined && { scheme: upstream.scheme }),
          static_configs: [{ targets: [hostAndPort(upstream.host)] }],
        };
  return {
    job_name: JOBS.upstream,
    ...where,
    relabel_configs: [{ target_label: "instance", replacement: exporter }],
    metric_relabel_configs: [
      { source_labels: ["__name__"], regex: UPSTREAM_NAMES.join("|"), action: "keep" },
    ],
  };
}

/**
 * Checks an address and returns it.
 *
 * @throws RangeError when it is not `host:port`; a URL is the usual mistake
 */
export function hostAndPort(address: string): string {
  const port = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/.exec(address)?.[1];
  if (port === undefined || Number(port) < 1 || Number(port) > 65535) {
    throw new RangeError(`an address must be host:port, like 127.0.0.1:9700, got "${address}"`);
  }
  return address;
}
