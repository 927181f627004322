import { headroomInWords } from "@headroom/alerts/headroom";
import { seeksLimit, type Profile } from "../plan/profiles.ts";
import { formatBytes, formatRate, formatSeconds } from "./format.ts";
import { judgedMemory } from "./judged-memory.ts";
import { failedChecks, type Report } from "./report.ts";

/** The one line that says how it went. */
export function conclusion(report: Report): string {
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
  if (broken.length > 0) {
    const names = broken.map(({ title, limit }) => `${title} (${limit.severity})`);
    return `LIMIT BROKEN: ${names.join(", ")}.`;
  }
  // The verdicts come with the nearest first.
  const nearest = report.verdicts.find(({ status }) => status === "within");
  if (!nearest) return "No limit was measured.";
  const left = headroomInWords(nearest.limit, nearest.observed, 1);
  return `Within all limits. Nearest: ${nearest.title} (headroom ${left}).`;
}

function loadInWords({ sentiment, status }: Profile): string[] {
  return [
    ...(sentiment
      ? [`${sentiment.batchSize} messages a request, attribution ${sentiment.attribution}`]
      : []),
    ...(status
      ? [
          `${formatRate(status.requestsPerSecond)} status questions a second, ` +
            `language ${status.language}, strategy ${status.strategy}`,
        ]
      : []),
  ];
}

/** What was measured, on what, line by line. */
export function facts(report: Report): string[] {
  const { profile, exporter, machine, measurements: m } = report;
  return [
    `Profile ${profile.name}: ${profile.shows}`,
    `${formatRate(m.seconds)} s from ${report.startedAt}, ${loadInWords(profile).join("; ")}`,
    `Model ${exporter.model} (${exporter.architecture}), engine ${exporter.engine}, ` +
      `exporter ${exporter.version}`,
    ...(exporter.chat && (profile.status || report.statusAnswers)
      ? [`Status answers by ${exporter.chat.model}, engine ${exporter.chat.engine}`]
      : []),
    `Machine ${machine.cpu}, ${machine.cores} cores, ${formatBytes(machine.memoryBytes)}, ` +
      `${machine.os}, Node ${machine.node}, k6 ${report.k6Version}`,
    ...judgedMemory(report),
  ];
}

/** Shown at the top of every report that was made with the simulated engine. */
export const SIMULATED =
  "SIMULATED: no model ran. The answers, their times and the attributions are made up.";
