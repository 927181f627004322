import { REFERENCE_MEMORY_BYTES } from "@headroom/alerts/limits";
import { limitsFromFile } from "@headroom/alerts/limits-file";
import { ruleGroups } from "@headroom/alerts/rules/index";
import {
  DEFAULT_EXPORTER,
  DEFAULT_INCIDENTS,
  DEFAULT_RULE_OPTIONS,
} from "@headroom/alerts/rules/options";
import { alertmanagerConfig } from "./alertmanager.ts";
import { GENERATED_MARK, generatedJson } from "./differences.ts";
import { alertRulesFile } from "./grafana-files/alert-rules.ts";
import { dashboards, originOf } from "./grafana-files/dashboards.ts";
import { exampleContactPointFiles, notificationFiles } from "./grafana-files/notifications.ts";
import { dashboardProvidersFile, dataSourcesFile } from "./grafana-files/provisioned-file.ts";
import { kubernetesFiles } from "./kubernetes.ts";
import {
  INTERVALS,
  prometheusConfig,
  type PrometheusSettings,
  UPSTREAM_FILE,
} from "./prometheus.ts";
import { prometheusRuleFile } from "./rule-file.ts";

/** The machine and the addresses that the files are written for. */
export interface GenerateSettings {
  /** Memory of the machine in bytes. */
  readonly memoryBytes: number;
  /** Path of a JSON file with limits of one's own. */
  readonly limitsFile?: string;
  /** Where the exporter listens, `host:port`. */
  readonly exporter: string;
  /** Where the incidents process listens, `host:port`. */
  readonly incidents: string;
  /** Where runbooks are served, without a trailing slash. */
  readonly runbooks: string;
  /** Where people open Grafana, without a trailing slash. */
  readonly dashboards: string;
  /** Where Grafana's server reaches Prometheus, without a trailing slash. */
  readonly prometheus: string;
  /** Where Prometheus finds Alertmanager, `host:port`. */
  readonly alertmanager: string;
  /** Where Prometheus finds the model server's metrics, `host:port`; without it, it looks for none. */
  readonly upstream?: string;
}

/** The settings behind the committed files. */
export const REFERENCE_SETTINGS: GenerateSettings = {
  memoryBytes: REFERENCE_MEMORY_BYTES,
  exporter: DEFAULT_EXPORTER,
  incidents: DEFAULT_INCIDENTS,
  runbooks: DEFAULT_RULE_OPTIONS.runbooks,
  dashboards: DEFAULT_RULE_OPTIONS.dashboards,
  // The name of the service in the compose file.
  prometheus: "http://prometheus:9090",
  alertmanager: "127.0.0.1:9093",
};

/**
 * Where the Prometheus of the compose file finds the exporter: in a container beside it, or on the
 * machine that runs the containers. The incidents process is always in a container.
 */
export const COMPOSE_EXPORTERS = {
  compose: "exporter:9700",
  "compose-host": "host.docker.internal:9700",
} as const;

/** The same for the incidents process. */
export const COMPOSE_INCIDENTS = "incidents:9702";

/**
 * Every generated file: its path below the output folder, with "/", and its text.
 *
 * @throws RangeError when the file of limits cannot be used
 */
export function generatedFiles(settings: GenerateSettings): ReadonlyMap<string, string> {
  const { memoryBytes, limitsFile, runbooks, upstream, ...targets } = settings;
  const limits = limitsFromFile(memoryBytes, limitsFile);
  const origin = originOf(memoryBytes, limitsFile);
  const addresses = { runbooks, dashboards: settings.dashboards };
  const groups = ruleGroups({ ...addresses, limits });
  const drawn = dashboards({ ...addresses, limits, origin });
  const marked = (yaml: string): string => `${GENERATED_MARK}\n${yaml}`;
  const commented = (yaml: string): string => marked(`# ${origin}\n${yaml}`);
  const scrape = (
    targets: Pick<PrometheusSettings, "exporter" | "incidents" | "alertmanager" | "upstream">,
  ): string =>
    commented(prometheusConfig({ ...targets, ...INTERVALS, ruleFiles: ["rules/*.yml"] }));
  return new Map([
    [
      "prometheus/prometheus.yml",
      scrape({ ...targets, ...(upstream !== undefined && { upstream: { host: upstream } }) }),
    ],
    // In the containers, Grafana judges and notifies; there is no Alertmanager.
    ...Object.entries(COMPOSE_EXPORTERS).map(([name, exporter]): [string, string] => [
      `prometheus/${name}.yml`,
      scrape({ exporter, incidents: COMPOSE_INCIDENTS, upstream: { file: UPSTREAM_FILE } }),
    ]),
    [
      "alertmanager/alertmanager.yml",
      marked(alertmanagerConfig({ incidents: settings.incidents })),
    ],
    ["prometheus/rules/headroom.yml", commented(prometheusRuleFile(groups))],
    ...drawn.map((dashboard): [string, string] => [
      `grafana/dashboards/${dashboard.uid}.json`,
      generatedJson(dashboard),
    ]),
    ["grafana/provisioning/datasources/headroom.yml", marked(dataSourcesFile(settings.prometheus))],
    ["grafana/provisioning/dashboards/headroom.yml", marked(dashboardProvidersFile())],
    ["grafana/provisioning/alerting/rules.yml", commented(alertRulesFile(groups, drawn))],
    ...Object.entries(notificationFiles()).map(([name, yaml]): [string, string] => [
      `grafana/provisioning/alerting/${name}`,
      marked(yaml),
    ]),
    ...[
      ...kubernetesFiles(
        groups,
        limits,
        drawn.map(({ uid }) => `${uid}.json`),
      ),
    ].map(([name, yaml]): [string, string] => [name, commented(yaml)]),
    ...[...exampleContactPointFiles()].map(([name, text]): [string, string] => [
      `grafana/examples/${name}`,
      text,
    ]),
  ]);
}
