import { contactPointsFile } from "./contact-points.ts";
import { messageTemplateFile } from "./message-template.ts";
import { muteTimingsFile } from "./mute-timings.ts";
import { policiesFile } from "./policies.ts";

/** What Grafana needs to tell somebody of alerts, as YAML by file name. */
export function notificationFiles(): Readonly<Record<string, string>> {
  return {
    "contact-points.yml": contactPointsFile(),
    "mute-timings.yml": muteTimingsFile(),
    "policies.yml": policiesFile(),
    "templates.yml": messageTemplateFile(),
  };
}
