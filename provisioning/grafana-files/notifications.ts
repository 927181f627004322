import {
  ContactPointBuilder,
  NotificationPolicyBuilder,
  NotificationTemplateBuilder,
} from "@grafana/grafana-foundation-sdk/alerting";
import {
  GROUP_BY,
  INCIDENTS,
  MOST_ALERTS,
  NOTIFICATION_PACE,
  WEBHOOK_PATH,
} from "../alertmanager.ts";
import { provisionedFile } from "./provisioned-file.ts";

/** What Grafana needs to tell somebody of alerts, as YAML by file name. */
export function notificationFiles(): Readonly<Record<string, string>> {
  return {
    "contact-points.yml": contactPointsFile(),
    "mute-timings.yml": muteTimingsFile(),
    "policies.yml": policiesFile(),
    "templates.yml": messageTemplateFile(),
  };
}

/**
 * The contact point of everything that somebody must act on: the incident records, under the same name
 * as in Alertmanager. Grafana takes the address and the token from its environment, where the compose
 * file puts them; an empty token is not sent.
 */
function contactPointsFile(): string {
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
function contactPoint(receiver: ContactPointBuilder): object {
  const { uid, type, settings, disableResolveMessage } = receiver.build();
  return { name: INCIDENTS, receivers: [{ uid, type, settings, disableResolveMessage }] };
}

/**
 * The notification policy, grouped and paced as by Alertmanager. It replaces the whole tree of policies.
 *
 * Alertmanager's inhibitions have no counterpart in Grafana's files. A warning and the critical alert
 * of one exporter are filed in one incident anyway, and when an exporter is gone, so are the series of
 * its other alerts, which therefore resolve.
 */
function policiesFile(): string {
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

/** The mute timing of what is only shown. */
const ALWAYS = "headroom-always";

/**
 * The mute timings, written by hand: the SDK has the API's shape of an interval, and files have
 * Alertmanager's.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#time_interval
 */
function muteTimingsFile(): string {
  return provisionedFile("muteTimes", [
    {
      name: ALWAYS,
      time_intervals: [{ times: [{ start_time: "00:00", end_time: "24:00" }] }],
    },
    // An example that no policy uses: Sundays before dawn.
    {
      name: "headroom-maintenance",
      time_intervals: [
        {
          times: [{ start_time: "02:00", end_time: "04:00" }],
          weekdays: ["sunday"],
          location: "UTC",
        },
      ],
    },
  ]);
}

/** The template of a notification's title: state, severity, alert, exporter. */
export const MESSAGE_TITLE = "headroom.title";

/** The template of a notification's text: what happened and where to look, for each alert. */
export const MESSAGE_BODY = "headroom.body";

// A dash takes the white space on its side away, so that the templates can be written in lines.
const TEMPLATES = `{{ define "${MESSAGE_TITLE}" -}}
[{{ .Status | toUpper }}{{ with .CommonLabels.severity }}, {{ . }}{{ end }}]
{{- with .CommonLabels.alertname }} {{ . }}{{ end }}
{{- with .CommonLabels.instance }} on {{ . }}{{ end }}
{{- end }}

{{ define "${MESSAGE_BODY}" -}}
{{ range .Alerts -}}
{{ .Status | toUpper }}{{ with .Labels.severity }}, {{ . }}{{ end }}: {{ .Annotations.summary }}
{{ with .Annotations.description }}{{ . }}
{{ end -}}
{{ with .Annotations.runbook_url }}What to do: {{ . }}
{{ end -}}
{{ with .Annotations.dashboard_url }}Dashboard: {{ . }}
{{ end }}
{{ end -}}
{{- end }}
`;

/**
 * The templates of messages for people; the incidents process reads the alerts themselves. Only what
 * Alertmanager's templates know as well is used.
 */
function messageTemplateFile(): string {
  const { name, template } = new NotificationTemplateBuilder()
    .name("headroom")
    .template(TEMPLATES)
    .build();
  return provisionedFile("templates", [{ name, template }]);
}

interface Example {
  readonly type: "email" | "slack" | "webhook";
  /** What must be set before Grafana starts with the file. */
  readonly needs: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
}

const title = `{{ template "${MESSAGE_TITLE}" . }}`;
const body = `{{ template "${MESSAGE_BODY}" . }}`;

const EXAMPLES: readonly Example[] = [
  {
    type: "email",
    needs: ["NOTIFY_EMAIL", "SMTP_ENABLED", "SMTP_HOST", "SMTP_FROM"],
    settings: { addresses: "${NOTIFY_EMAIL}", subject: title, message: body },
  },
  {
    type: "slack",
    needs: ["NOTIFY_SLACK_URL"],
    // An incoming webhook, which belongs to one channel.
    settings: { url: "${NOTIFY_SLACK_URL}", title, text: body },
  },
  {
    type: "webhook",
    needs: ["NOTIFY_WEBHOOK_URL"],
    settings: { url: "${NOTIFY_WEBHOOK_URL}", httpMethod: "POST", title, message: body },
  },
];

/**
 * Files that tell people, too, by their names. They stay out of the folder that Grafana reads until
 * somebody copies one there: Grafana does not start with a contact point whose address is empty, and
 * no address is right for everyone.
 */
export function exampleContactPointFiles(): ReadonlyMap<string, string> {
  return new Map(
    EXAMPLES.map((example) => [`contact-point-${example.type}.yml`, exampleFile(example)] as const),
  );
}

function exampleFile({ type, needs, settings }: Example): string {
  const receiver = new ContactPointBuilder()
    .uid(`headroom-${type}`)
    .type(type)
    .settings(settings)
    .disableResolveMessage(false);
  // Without the mark of generated files, which would be taken for left over where it is copied to.
  return `# An example. Set ${needs.join(", ")} in .env, copy this file into
# provisioning/grafana/provisioning/alerting/ and start Grafana again:
#   docker compose up --detach --force-recreate grafana
${provisionedFile("contactPoints", [contactPoint(receiver)])}`;
}
