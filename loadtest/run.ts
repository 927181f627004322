import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { firstMessageAt } from "./plan/messages.ts";
import { assess } from "./report/assessment.ts";
import {
  type Baseline,
  baselineOf,
  gainsOver,
  saveBaseline,
  thisMachine,
} from "./report/baseline.ts";
import { readK6Figures } from "./report/k6-figures.ts";
import { measure } from "./report/measurements.ts";
import { renderMarkdown } from "./report/render.ts";
import type { Report } from "./report/report.ts";
import { answersCheck, type Asked, askStatus, type Question } from "./run/ask-status.ts";
import { CouldNotRun, reason } from "./run/could-not-run.ts";
import { startSampler } from "./run/exporter-client.ts";
import { requireFigures, runK6 } from "./run/k6.ts";
import { preflight } from "./run/preflight.ts";
import { type Progress, progressOf } from "./run/progress.ts";

export { PROFILE_NAMES } from "./plan/profiles.ts";
export { renderTerminal } from "./report/render.ts";
export { exitCode, type Report } from "./report/report.ts";
export type { Question } from "./run/ask-status.ts";
export { CouldNotRun } from "./run/could-not-run.ts";
export type { Progress } from "./run/progress.ts";

/** How to run a profile. */
export interface RunOptions {
  /** Path of the k6 program. */
  readonly k6: string;
  /** Base address of the exporter; loopback only. */
  readonly target: string;
  /** One of `PROFILE_NAMES`. */
  readonly profile: string;
  /** Whole seconds; the profile's own when absent. */
  readonly durationSeconds?: number | undefined;
  /** Folder for the report and k6's files; made when absent. */
  readonly outDir: string;
  /** Prometheus' remote write address; k6's series go there. */
  readonly prometheusWriteUrl?: string | undefined;
  /** Bearer token of the exporter. */
  readonly token?: string | undefined;
  /** Number of the first message; another one for each run when absent. */
  readonly firstMessage?: number | undefined;
  /** Save this run as the one to compare with. */
  readonly saveBaseline?: boolean | undefined;
  /** Folder of the saved baselines. */
  readonly baselines?: string | undefined;
  /** Aborting stops k6; the report then covers what was measured. */
  readonly signal?: AbortSignal | undefined;
  /** Called about once a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Whether to ask for each status scenario once after the load; the report holds the answers. */
  readonly askStatus?: true | undefined;
  /** Called before each of these requests. */
  readonly onQuestion?: ((question: Question) => void) | undefined;
}

/** Folder of the baselines that are committed. */
export const BASELINES = fileURLToPath(new URL("baselines", import.meta.url));

/**
 * Puts the exporter under the load of one profile and reports how far it stayed from its limits.
 * Writes `report.json`, `report.md`, `report.html` (k6's dashboard) and `k6.log` to `outDir`.
 *
 * @throws CouldNotRun when the run did not take place
 */
export async function runProfile(options: RunOptions): Promise<Report> {
  const { profile, target, client, exporter, limits, before, k6Version } = await preflight(options);
  const { token, signal, onProgress, onQuestion, prometheusWriteUrl } = options;
  const firstMessage = options.firstMessage ?? firstMessageAt(Date.now());
  await mkdir(options.outDir, { recursive: true });
  const inFolder = (name: string) => path.resolve(options.outDir, name);
  const summary = inFolder("k6-summary.json");
  const html = inFolder("report.html");
  const log = inFolder("k6.log");

  const startedAt = new Date().toISOString();
  const attribution = profile.sentiment?.attribution;
  const sampler = startSampler(client, before, attribution, (snapshots, atSeconds) => {
    const progress = progressOf(snapshots, limits, profile, atSeconds);
    if (progress) onProgress?.(progress);
  });
  const k6 = { k6: options.k6, profile, target, firstMessage, summary, html, log };
  const end = await runK6({ ...k6, token, prometheusWriteUrl, signal }).finally(sampler.stop);
  await requireFigures(end, log);
  const measurements = measure({
    profile,
    complete: !end.stopped,
    k6: await readFigures(summary, profile),
    snapshots: sampler.snapshots,
    answersAfter: sampler.answers,
  });

  const asked: Asked =
    options.askStatus && !end.stopped ? await askStatus({ target, token, signal, onQuestion }) : {};
  const machine = thisMachine();
  const compared = await compare(
    options,
    baselineOf(profile.name, exporter, machine, startedAt, measurements),
  );
  const { verdicts, checks, goals } = assess(profile, measurements, limits);
  const report: Report = {
    version: 3,
    profile,
    startedAt,
    target,
    firstMessage,
    exporter,
    machine,
    k6Version,
    measurements,
    verdicts,
    checks: asked.answers ? [...checks, answersCheck(asked.answers)] : checks,
    goals,
    ...(asked.answers && { statusAnswers: asked.answers }),
    gains: compared.gains,
    notes: [
      ...(end.stopped
        ? ["the run was stopped before its time; the figures cover what was run"]
        : []),
      ...(sampler.missed > 0
        ? [`${sampler.missed} readings of the exporter's metrics failed`]
        : []),
      // On one machine the load takes its part of what is measured.
      ...(end.cores === undefined
        ? []
        : [`k6 itself took ${end.cores.toFixed(2)} of the ${machine.cores} cores on average`]),
      ...(asked.none ? [NOT_ASKED[asked.none]] : []),
      ...compared.notes,
    ],
    files: {
      json: inFolder("report.json"),
      markdown: inFolder("report.md"),
      k6Log: log,
      ...(existsSync(html) && { html }),
    },
  };
  await writeFile(report.files.json, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(report.files.markdown, renderMarkdown(report));
  return report;
}

async function readFigures(file: string, profile: Report["profile"]) {
  try {
    return readK6Figures(await readFile(file, "utf8"), profile);
  } catch (cause) {
    throw new CouldNotRun(
      "k6 left no figures",
      reason(cause),
      "A run stopped within its first second has none; otherwise look into k6.log beside it",
      { cause },
    );
  }
}

const NOT_ASKED = {
  "no such route":
    "the exporter has no route /v1/status, so no question about the machine was asked",
  stopped: "the questions about the machine were stopped before the last one",
} as const;

/** Compares with what was saved, and saves when told to. */
async function compare(
  options: RunOptions,
  now: Baseline | undefined,
): Promise<Pick<Report, "gains" | "notes">> {
  const folder = options.baselines ?? BASELINES;
  if (!now) {
    const note = "not saved as a baseline: only runs with answered messages are compared";
    return { gains: [], notes: options.saveBaseline ? [note] : [] };
  }
  return {
    gains: await gainsOver(folder, now),
    notes: options.saveBaseline ? [`saved as the baseline ${await saveBaseline(folder, now)}`] : [],
  };
}
