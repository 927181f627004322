import { limitsFor, REFERENCE_MEMORY_BYTES } from "@headroom/alerts/limits";
import { alertsOf, ruleGroups } from "@headroom/alerts/rules/index";
import {
  DEFAULT_EXPORTER,
  DEFAULT_INCIDENTS,
  DEFAULT_RULE_OPTIONS,
} from "@headroom/alerts/rules/options";
import { gigabytes } from "@headroom/alerts/rules/wording";
import { alertmanagerConfig } from "./alertmanager.ts";
import { GENERATED_MARK, GENERATED_WORDS, generatedJson } from "./generated-mark.ts";
import { exampleContactPointFiles } from "./grafana-files/alerting/example-contact-points.ts";
import { notificationFiles } from "./grafana-files/alerting/notification-files.ts";
import { alertRulesFile } from "./grafana-files/alerting/rules.ts";
import { dashboardProvidersFile } from "./grafana-files/dashboard-provider.ts";
import { dashboards } from "./grafana-files/dashboards.ts";
import { dataSourcesFile } from "./grafana-files/data-source.ts";
import { runbooksOf } from "./grafana-files/runbooks.ts";
import type { PrometheusSettings } from "./prometheus.ts";
import { INTERVALS, prometheusConfig } from "./prometheus.ts";
import { prometheusRuleFile } from "./prometheus-rules.ts";

/** The machine and the addresses that the files are written for. */
export interface GenerateSettings {
  /** Memory of the machine in bytes. */
  readonly memoryBytes: number;
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

/** Every generated file: its path below the output folder, with "/", and its text. */
export function generatedFiles(settings: GenerateSettings): ReadonlyMap<string, string> {
  const limits = limitsFor(settings.memoryBytes);
  const { runbooks, dashboards: dashboardsAt } = settings;
  const groups = ruleGroups({ limits, runbooks, dashboards: dashboardsAt });
  const origin = `Limits come from alerts/limits.ts, for machines with up to ${gigabytes(settings.memoryBytes)} of memory.`;
  const commented = (yaml: string): string => `${GENERATED_MARK}\n# ${origin}\n${yaml}`;
  const scrape = (
    targets: Pick<PrometheusSettings, "exporter" | "incidents" | "alertmanager">,
  ): string =>
    commented(prometheusConfig({ ...targets, ...INTERVALS, ruleFiles: ["rules/*.yml"] }));
  const drawn = dashboards({
    limits,
    runbooks: runbooksOf(alertsOf(groups)),
    origin: `${GENERATED_WORDS} ${origin}`,
  });
  return new Map([
    ["prometheus/prometheus.yml", scrape(settings)],
    // In the containers, Grafana judges and notifies; there is no Alertmanager.
    ...Object.entries(COMPOSE_EXPORTERS).map(
      ([name, exporter]) =>
        [`prometheus/${name}.yml`, scrape({ exporter, incidents: COMPOSE_INCIDENTS })] as const,
    ),
    [
      "alertmanager/alertmanager.yml",
      `${GENERATED_MARK}\n${alertmanagerConfig({ incidents: settings.incidents })}`,
    ],
    ["prometheus/rules/headroom.yml", commented(prometheusRuleFile(groups))],
    ...drawn.map(
      (dashboard) =>
        [`grafana/dashboards/${dashboard.uid}.json`, generatedJson(dashboard)] as const,
    ),
    [
      "grafana/provisioning/datasources/headroom.yml",
      `${GENERATED_MARK}\n${dataSourcesFile(settings.prometheus)}`,
    ],
    [
      "grafana/provisioning/dashboards/headroom.yml",
      `${GENERATED_MARK}\n${dashboardProvidersFile()}`,
    ],
    ["grafana/provisioning/alerting/rules.yml", commented(alertRulesFile(groups, drawn))],
    ...Object.entries(notificationFiles()).map(
      ([name, yaml]) =>
        [`grafana/provisioning/alerting/${name}`, `${GENERATED_MARK}\n${yaml}`] as const,
    ),
    ...[...exampleContactPointFiles()].map(
      ([name, text]) => [`grafana/examples/${name}`, text] as const,
    ),
  ]);
}
