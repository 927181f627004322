import { stringify } from "yaml";
import { YAML_STYLE } from "../prometheus.ts";

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
