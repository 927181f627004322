import { stringify } from "yaml";
import { INTERVALS, YAML_STYLE } from "../prometheus.ts";

/** The Prometheus that every panel asks, as dashboards refer to it. */
export const DATA_SOURCE = { type: "prometheus", uid: "headroom-prometheus" } as const;

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
