import { stringify } from "yaml";
import { limitsFor, REFERENCE_MEMORY_BYTES } from "../alerts/limits.ts";
import { alertsOf, ruleGroups } from "../alerts/rules/index.ts";
import { DEFAULT_EXPORTER } from "../alerts/rules/options.ts";
import { gigabytes } from "../alerts/rules/wording.ts";
import { GENERATED_MARK, GENERATED_WORDS, generatedJson } from "./generated-mark.ts";
import { dashboardProvidersFile } from "./grafana-files/dashboard-provider.ts";
import { dataSourcesFile } from "./grafana-files/data-source.ts";
import { overview, OVERVIEW_UID } from "./grafana-files/overview.ts";
import { INTERVALS, prometheusConfig, YAML_STYLE } from "./prometheus.ts";

/** The machine and the addresses that the files are written for. */
export interface GenerateSettings {
  /** Memory of the machine in bytes. */
  readonly memoryBytes: number;
  /** Where the exporter listens, `host:port`. */
  readonly exporter: string;
  /** Where runbooks are served, without a trailing slash. */
  readonly runbooks: string;
  /** Where Grafana's server reaches Prometheus, without a trailing slash. */
  readonly prometheus: string;
}

/** The settings behind the committed files. */
export const REFERENCE_SETTINGS: GenerateSettings = {
  memoryBytes: REFERENCE_MEMORY_BYTES,
  exporter: DEFAULT_EXPORTER,
  runbooks: `http://${DEFAULT_EXPORTER}/runbooks`,
  // The name of the service in the compose file.
  prometheus: "http://prometheus:9090",
};

/**
 * Where the Prometheus of the compose file finds the exporter: in a container beside it, or on the
 * machine that runs the containers.
 */
export const COMPOSE_EXPORTERS = {
  compose: "exporter:9700",
  "compose-host": "host.docker.internal:9700",
} as const;

/** Every generated file: its path below the output folder, with "/", and its text. */
export function generatedFiles(settings: GenerateSettings): ReadonlyMap<string, string> {
  const limits = limitsFor(settings.memoryBytes);
  const groups = ruleGroups({ limits, runbooks: settings.runbooks });
  const origin = `Limits come from alerts/limits.ts, for a machine with ${gigabytes(settings.memoryBytes)} of memory.`;
  const commented = (yaml: string): string => `${GENERATED_MARK}\n# ${origin}\n${yaml}`;
  const scrape = (exporter: string): string =>
    commented(prometheusConfig({ exporter, ...INTERVALS, ruleFiles: ["rules/*.yml"] }));
  const dashboard = overview({
    limits,
    alerts: alertsOf(groups),
    description: `${GENERATED_WORDS} ${origin}`,
  });
  return new Map([
    ["prometheus/prometheus.yml", scrape(settings.exporter)],
    ...Object.entries(COMPOSE_EXPORTERS).map(
      ([name, exporter]) => [`prometheus/${name}.yml`, scrape(exporter)] as const,
    ),
    ["prometheus/rules/headroom.yml", commented(stringify({ groups }, YAML_STYLE))],
    [`grafana/dashboards/${OVERVIEW_UID}.json`, generatedJson(dashboard)],
    [
      "grafana/provisioning/datasources/headroom.yml",
      `${GENERATED_MARK}\n${dataSourcesFile(settings.prometheus)}`,
    ],
    [
      "grafana/provisioning/dashboards/headroom.yml",
      `${GENERATED_MARK}\n${dashboardProvidersFile()}`,
    ],
  ]);
}
