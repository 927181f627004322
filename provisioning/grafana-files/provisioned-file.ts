import { stringify } from "yaml";
import { INTERVALS, YAML_STYLE } from "../prometheus.ts";
import { DATA_SOURCE } from "./query.ts";

/** The kinds of things that a file in Grafana's folder `provisioning/alerting` may list. */
export type ProvisionedKind = "groups" | "contactPoints" | "policies" | "muteTimes" | "templates";

/** The organisation that Grafana starts with. */
const ORGANISATION = 1;

/**
 * A file that Grafana reads when it starts, as YAML. It replaces variables of the environment in most
 * of its texts: `$NAME` and `${NAME}`, but in annotations `$labels` and `$values` stay.
 * Source: https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/
 */
export function provisionedFile(kind: ProvisionedKind, things: readonly object[]): string {
  return stringify(
    { apiVersion: 1, [kind]: things.map((thing) => ({ orgId: ORGANISATION, ...thing })) },
    // Readers of YAML 1.1 take an unquoted 24:00 for a number in base 60.
    { ...YAML_STYLE, aliasDuplicateObjects: false, compat: "yaml-1.1" },
  );
}

/**
 * Grafana's file that provisions the data source, as YAML.
 * Source: https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources
 *
 * @param prometheusUrl - where Grafana's server reaches Prometheus
 */
export function dataSourcesFile(prometheusUrl: string): string {
  return stringify(
    {
      apiVersion: 1,
      datasources: [
        {
          name: "Headroom",
          ...DATA_SOURCE,
          access: "proxy",
          url: prometheusUrl,
          isDefault: true,
          editable: false,
          jsonData: {
            httpMethod: "POST",
            prometheusType: "Prometheus",
            // The step of a graph is never shorter than the time between two scrapes.
            timeInterval: INTERVALS.scrapeInterval,
          },
        },
      ],
    },
    YAML_STYLE,
  );
}

/** Where Grafana finds the dashboards; the compose file mounts them there. */
export const DASHBOARDS_FOLDER = "/etc/grafana/dashboards";

/**
 * Grafana's file that names the folder of the dashboards, as YAML. They can be neither saved nor
 * deleted in Grafana, since the next start would bring them back.
 * Source: https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards
 */
export function dashboardProvidersFile(): string {
  return stringify(
    {
      apiVersion: 1,
      providers: [
        {
          name: "headroom",
          orgId: 1,
          folder: "Headroom",
          folderUid: "headroom",
          type: "file",
          disableDeletion: true,
          allowUiUpdates: false,
          updateIntervalSeconds: 30,
          options: { path: DASHBOARDS_FOLDER },
        },
      ],
    },
    YAML_STYLE,
  );
}
