import { ContactPointBuilder } from "@grafana/grafana-foundation-sdk/alerting";
import { INCIDENTS, MOST_ALERTS, WEBHOOK_PATH } from "../../alertmanager.ts";
import { provisionedFile } from "./provisioned-file.ts";

/**
 * Grafana's file with the contact point of everything that somebody must act on, as YAML: the
 * incident records, under the same name as in Alertmanager. Grafana takes the address and
 * the token from its environment, where the compose file puts them; an empty token is not sent.
 */
export function contactPointsFile(): string {
  return provisionedFile("contactPoints", [
    contactPoint(
      new ContactPointBuilder()
        .uid(INCIDENTS)
        .type("webhook")
        .settings({
          url: `\${HEADROOM_INCIDENTS_URL}${WEBHOOK_PATH}`,
          httpMethod: "POST",
          authorization_scheme: "Bearer",
          authorization_credentials: "${HEADROOM_INCIDENTS_TOKEN}",
          maxAlerts: String(MOST_ALERTS),
        })
        // The resolution closes the incident, so it is sent too.
        .disableResolveMessage(false),
    ),
  ]);
}

/**
 * A receiver in the shape of the file. Receivers in several files that name the same contact point are
 * all told, so an added one needs no policy of its own.
 */
export function contactPoint(receiver: ContactPointBuilder): object {
  const { uid, type, settings, disableResolveMessage } = receiver.build();
  return { name: INCIDENTS, receivers: [{ uid, type, settings, disableResolveMessage }] };
}
