import { NotificationTemplateBuilder } from "@grafana/grafana-foundation-sdk/alerting";
import { provisionedFile } from "./provisioned-file.ts";

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
 * Grafana's file with the templates of messages for people, as YAML. The exporter needs none: it
 * reads the alerts themselves. Only what Alertmanager's templates know as well is used.
 */
export function messageTemplateFile(): string {
  const { name, template } = new NotificationTemplateBuilder()
    .name("headroom")
    .template(TEMPLATES)
    .build();
  return provisionedFile("templates", [{ name, template }]);
}
