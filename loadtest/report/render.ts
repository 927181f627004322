import { headroomInWords } from "../../alerts/headroom.ts";
import { MEMORY_FRACTION, MEMORY_SCOPES } from "../../alerts/limits.ts";
import { type Profile, seeksLimit } from "../plan/profiles.ts";
import { formatBytes, formatRate, formatSeconds, inMarkdown } from "./format.ts";
import { arrivalInWords, chatLoadInWords } from "./chat-tables.ts";
import { inColumns, PLAIN, type Screen, wrap } from "./columns.ts";
import { renderHtml } from "./page.ts";
import { exitCode, failedChecks, isSimulated, type Report, type Shown } from "./report.ts";
import { sweepInTerminal } from "./sweep-chart.ts";
import { chatInWords, sweepInWords } from "./sweep.ts";
import { tablesOf } from "./report-tables.ts";

/** Shown at the top of every report that was made with the simulated engine. */
const SIMULATED =
  "SIMULATED: no model ran. The answers, their times and the attributions are made up.";

/** The report for a terminal: what it says in one line comes last, where the eye is. */
export function renderTerminal(report: Shown, screen: Screen = PLAIN): string {
  const { sweep, files = {} } = report;
  const lines = (text: string) => wrap(text, screen.columns, screen);
  const style = (["good", "bad", "near"] as const)[exitCode(report)];
  const answer = lines(conclusion(report)).map((line) => screen.paint(line, style));
  // It cannot be wrapped; the page of the report has it too.
  const drawn = sweep ? sweepInTerminal(sweep) : "";
  const fits = drawn.split("\n").every((line) => line.length <= screen.columns);
  const chart = fits ? [drawn] : [];
  return [
    ...(isSimulated(report) ? [...lines(SIMULATED), ""] : []),
    ...(sweep ? [...answer, "", ...chart, ""] : []),
    ...facts(report).flatMap(lines),
    "",
    ...tablesOf(report).flatMap(({ title, rows, ...shape }) => [
      ...lines(title).map((line) => screen.paint(line, "title")),
      inColumns(rows, screen, shape),
      "",
    ]),
    ...report.notes.flatMap((note) => lines(`Note: ${note}`)),
    ...answer,
    "",
    ...Object.values(files).map((file) => `  ${file}`),
  ].join("\n");
}

/** The report as Markdown. */
export function renderMarkdown(report: Shown & Pick<Report, "files">): string {
  const lines = [
    `# Load run: ${report.profile.name}`,
    "",
    ...(isSimulated(report) ? [`> **${SIMULATED}**`, ""] : []),
    `**${conclusion(report)}**`,
    "",
    ...(report.files.chart === undefined ? [] : [`![${CHART}](${nameOf(report.files.chart)})`, ""]),
    ...facts(report).map((fact) => `- ${fact}`),
    ...report.notes.map((note) => `- Note: ${note}`),
    "",
    ...tablesOf(report).flatMap(({ title, head, rows }) => [
      `## ${title}`,
      "",
      inMarkdown([head, ...rows]),
    ]),
    `Files beside this one: ${Object.values(report.files)
      .map((file) => `\`${nameOf(file)}\``)
      .join(", ")}`,
  ];
  return `${lines.join("\n")}\n`;
}

const nameOf = (file: string): string => file.split(/[\\/]/).at(-1)!;

const CHART = "Throughput and response times by the number of users";

/** The report of a sweep as a page of HTML, with its picture. */
export function renderPage(report: Report, svg: string): string {
  return renderHtml({
    title: `Load run: ${report.profile.name}`,
    answer: conclusion(report),
    ...(isSimulated(report) && { warning: SIMULATED }),
    facts: [...facts(report), ...report.notes.map((note) => `Note: ${note}`)],
    svg,
    tables: tablesOf(report),
  });
}

/** The one line that says how it went. */
function conclusion(report: Shown): string {
  if (report.sweep) return sweepInWords(report.sweep);
  const failed = failedChecks(report).map(({ title }) => title);
  const broken = report.verdicts.filter(({ status }) => status === "broken");
  const { saturation } = report.measurements;
  if (failed.length > 0) return `FAILED: not so: ${failed.join(", ").toLowerCase()}.`;
  if (seeksLimit(report.profile) && saturation) {
    const by = saturation.brokenBy
      ? `${saturation.brokenBy.title} broke after ${formatSeconds(saturation.brokenBy.atSeconds)}`
      : "no limit broke, so the end may lie higher";
    return `Up to ${formatRate(saturation.messagesPerSecond)} messages/s stay within the limits: ${by}.`;
  }
  const { chat } = report.profile;
  const words = chat ? `${chatInWords(arrivalInWords(chat), report.verdicts)} ` : "";
  if (broken.length > 0) {
    const names = broken.map(({ title, limit }) => `${title} (${limit.severity})`);
    return `${words}LIMIT BROKEN: ${names.join(", ")}.`;
  }
  // The verdicts come with the nearest first.
  // Goodput can never be far from its limit, and falls only when something else breaks.
  const nearest = report.verdicts.find(
    ({ status, limit }) => status === "within" && limit.id !== "goodput",
  );
  if (!nearest) return "No limit was measured.";
  const left = headroomInWords(nearest.limit, nearest.observed, 1);
  return `${words || "Within all limits. "}Nearest: ${nearest.title} (headroom ${left}).`;
}

function loadInWords({ sentiment, status, chat }: Profile): string[] {
  return [
    ...(sentiment
      ? [`${sentiment.batchSize} messages a request, attribution ${sentiment.attribution}`]
      : []),
    ...(chat ? [chatLoadInWords(chat)] : []),
    ...(status
      ? [
          `${formatRate(status.requestsPerSecond)} status requests a second, ` +
            `language ${status.language}, strategy ${status.strategy}`,
        ]
      : []),
  ];
}

/** How long it took, in all of its steps. */
const secondsOf = ({ sweep, measurements }: Shown): number =>
  (sweep?.steps ?? [{ measurements }]).reduce((sum, step) => sum + step.measurements.seconds, 0);

/** What was measured, on what, line by line. */
function facts(report: Shown): string[] {
  const { profile, exporter, chatServer, machine, fleet } = report;
  return [
    `Profile ${profile.name}: ${profile.shows}`,
    `${formatRate(secondsOf(report))} s from ${report.startedAt}, ${loadInWords(profile).join("; ")}`,
    chatServer
      ? `Model ${chatServer.model}, server ${chatServer.server}, version ${chatServer.version}` +
        `${chatServer.upstream === undefined ? "" : ` at ${chatServer.upstream}`}, exporter ${exporter.version}`
      : `Model ${exporter.model} (${exporter.architecture}), engine ${exporter.engine}, ` +
        `exporter ${exporter.version}`,
    ...(exporter.chat && (profile.status || report.statusAnswers)
      ? [`Status answers by ${exporter.chat.model}, engine ${exporter.chat.engine}`]
      : []),
    ...(fleet
      ? [
          `Load of ${fleet.pods} pods on ${fleet.exporters} exporters, judged by Prometheus after the run`,
        ]
      : []),
    ...(machine
      ? [
          `Machine ${machine.cpu}, ${machine.cores} cores, ${formatBytes(machine.memoryBytes)}, ` +
            `${machine.os}, Node ${machine.node}, k6 ${report.k6Version}`,
        ]
      : []),
    ...memoryInWords(report),
  ];
}

/** Capacities travel as whole bytes, and shares of them do not. */
const ROUNDING_BYTES = 1;

/**
 * By which memory a run was assessed: each scope with its capacity, and whether its own share or the
 * limit in bytes was the smaller one. A line, or none when no capacity is known.
 */
function memoryInWords({ verdicts, measurements }: Shown): string[] {
  const { capacityBytes } = measurements.memory;
  const scopes = MEMORY_SCOPES.flatMap((scope) => {
    const capacity = capacityBytes[scope];
    const limit = verdicts.find(
      (verdict) => verdict.limit.scope === scope && verdict.limit.severity === "warning",
    )?.limit;
    if (capacity === undefined || limit?.bound !== "upper") return [];
    const share = MEMORY_FRACTION[limit.severity];
    const boundByBytes = limit.upper < share * capacity - ROUNDING_BYTES;
    const why = boundByBytes ? "the limit in bytes" : `${100 * share} % of it`;
    return `${scope} ${formatBytes(capacity)} (warning from ${formatBytes(limit.upper)}, ${why})`;
  });
  return scopes.length === 0 ? [] : [`Memory is judged by ${scopes.join(", ")}`];
}
