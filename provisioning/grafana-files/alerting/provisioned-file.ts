import { stringify } from "yaml";
import { YAML_STYLE } from "../../prometheus.ts";

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
