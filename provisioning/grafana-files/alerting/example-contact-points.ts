import { ContactPointBuilder } from "@grafana/grafana-foundation-sdk/alerting";
import { contactPoint } from "./contact-points.ts";
import { MESSAGE_BODY, MESSAGE_TITLE } from "./message-template.ts";
import { provisionedFile } from "./provisioned-file.ts";

interface Example {
  readonly name: string;
  readonly type: "email" | "slack" | "webhook";
  /** What must be set before Grafana starts with the file. */
  readonly needs: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
}

const title = `{{ template "${MESSAGE_TITLE}" . }}`;
const body = `{{ template "${MESSAGE_BODY}" . }}`;

const EXAMPLES: readonly Example[] = [
  {
    name: "email",
    type: "email",
    needs: ["NOTIFY_EMAIL", "SMTP_ENABLED", "SMTP_HOST", "SMTP_FROM"],
    settings: { addresses: "${NOTIFY_EMAIL}", subject: title, message: body },
  },
  {
    name: "slack",
    type: "slack",
    needs: ["NOTIFY_SLACK_URL"],
    // An incoming webhook, which belongs to one channel.
    settings: { url: "${NOTIFY_SLACK_URL}", title, text: body },
  },
  {
    name: "webhook",
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
    EXAMPLES.map((example) => [`contact-point-${example.name}.yml`, exampleFile(example)] as const),
  );
}

function exampleFile({ name, type, needs, settings }: Example): string {
  const receiver = new ContactPointBuilder()
    .uid(`headroom-${name}`)
    .type(type)
    .settings(settings)
    .disableResolveMessage(false);
  // Without the mark of generated files, which would be taken for left over where it is copied to.
  return `# An example. Set ${needs.join(", ")} in .env, copy this file into
# provisioning/grafana/provisioning/alerting/ and start Grafana again:
#   docker compose up --detach --force-recreate grafana
${provisionedFile("contactPoints", [contactPoint(receiver)])}`;
}
