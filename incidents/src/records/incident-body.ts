import type { Incident } from "./incident.ts";
import { inMarkdown, type AlertNotification } from "./notification.ts";

// Texts of others are escaped and so cannot contain the marks, at which lines are put in.
const METRICS_END = "\n<!-- metrics:end -->";
const TIMELINE_END = "\n<!-- timeline:end -->";
const NO_METRICS = "\nThere are none, since HEADROOM_INCIDENTS_PROMETHEUS_URL is not set.\n";
const AFTERWARDS = "## Afterwards";

/** What a new incident says: what fired, and nothing yet in the timeline. */
export function newBody(incident: Incident, alert: AlertNotification): string {
  const what = [
    ["Summary", inMarkdown(alert.summary)],
    ["Description", inMarkdown(alert.description)],
    ["Values", pairs(incident.values)],
    ["Labels", pairs(incident.labels)],
    ...Object.entries(incident.links).map(([name, url]) => [name, `<${url}>`] as const),
  ] as const;
  return [
    `# ${inMarkdown(incident.alert)} (${incident.severity})`,
    `The alert has fired since ${incident.started}.`,
    "## What fired",
    list(what),
    `## Key metrics\n${incident.snapshot === "off" ? NO_METRICS : ""}${METRICS_END}`,
    `## Timeline\n\n${TIMELINE_END}\n`,
  ].join("\n\n");
}

/** Puts a line at the end of the timeline; `text` must be Markdown already. */
export function withTimelineLine(body: string, at: string, text: string): string {
  return insertBefore(body, TIMELINE_END, `- ${at} ${text}\n`);
}

/** What the last line of the timeline says, without its time; undefined when there is none. */
export function lastOfTimeline(body: string): string | undefined {
  const [timeline = ""] = body.split(TIMELINE_END);
  return /(?:^|\n)- \S+ ([^\n]+)\n*$/.exec(timeline)?.[1];
}

/** Puts a block of Markdown at the end of the key metrics. */
export function withMetrics(body: string, block: string): string {
  return insertBefore(body, METRICS_END, `${block}\n`);
}

/** Adds the questions that are left when all has recovered; once. */
export function withAfterwards(body: string): string {
  if (body.includes(AFTERWARDS)) return body;
  return `${body.trimEnd()}

${AFTERWARDS}

### Root cause

What was the cause, and how do we know?

### Preventive measures

What keeps it from happening again, who does it, and until when?

### Threshold review

Did the alert come in time, and was there something to do? Is the limit right, and the time that it
waits? A limit is changed in \`alerts/limits.ts\`.
`;
}

/** Somebody may have deleted the mark: then the text goes to the end rather than nowhere. */
function insertBefore(body: string, mark: string, text: string): string {
  const at = body.indexOf(mark);
  return at < 0 ? `${body.trimEnd()}\n\n${text}` : body.slice(0, at) + text + body.slice(at);
}

function list(entries: readonly (readonly [string, string])[]): string {
  return entries
    .filter(([, text]) => text !== "")
    .map(([name, text]) => `- ${name}: ${text}`)
    .join("\n");
}

function pairs(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => inMarkdown(`${name}=${value}`))
    .join(", ");
}
