import { NotificationPolicyBuilder } from "@grafana/grafana-foundation-sdk/alerting";
import { GROUP_BY, INCIDENTS, NOTIFICATION_PACE } from "../../alertmanager.ts";
import { ALWAYS } from "./mute-timings.ts";
import { provisionedFile } from "./provisioned-file.ts";

/**
 * Grafana's file with the notification policy, as YAML: grouped and paced as by Alertmanager. It
 * replaces the whole tree of policies.
 *
 * Alertmanager's inhibitions have no counterpart in Grafana's files. A warning and
 * the critical alert of one exporter are filed in one incident anyway, and when an exporter is gone, so are the
 * series of its other alerts, which therefore resolve.
 */
export function policiesFile(): string {
  const pace = NOTIFICATION_PACE;
  const policy = new NotificationPolicyBuilder()
    .receiver(INCIDENTS)
    .groupBy([...GROUP_BY])
    .groupWait(pace.groupWait)
    .groupInterval(pace.groupInterval)
    .repeatInterval(pace.repeatInterval)
    .routes([
      // Nobody has to act on these; they stay visible in Grafana. A file cannot hold a contact point
      // that sends nothing, so the one there is is muted.
      new NotificationPolicyBuilder()
        .receiver(INCIDENTS)
        .objectMatchers([["severity", "=", "info"]])
        .muteTimeIntervals([ALWAYS]),
    ]);
  return provisionedFile("policies", [policy.build()]);
}
