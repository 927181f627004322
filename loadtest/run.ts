import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Profile } from "./plan/profiles.ts";
import { answersCheck } from "./report/asked-answers.ts";
import { baselineOf, gainsOver, saveBaseline, type Baseline } from "./report/baseline.ts";
import { judge } from "./report/judge.ts";
import { readK6Figures, type K6Figures } from "./report/k6-figures.ts";
import { thisMachine } from "./report/machine.ts";
import { renderMarkdown } from "./report/markdown.ts";
import { measure } from "./report/measurements.ts";
import type { Report } from "./report/report.ts";
import { askStatus, type Asking, type Question } from "./run/ask-status.ts";
import { CouldNotRun } from "./run/could-not-run.ts";
import { firstMessageAt } from "./run/first-message.ts";
import { requireFigures, runK6 } from "./run/k6.ts";
import { preflight, reason } from "./run/preflight.ts";
import { progressOf, type Progress } from "./run/progress.ts";
import { startSampler } from "./run/sampler.ts";

export { PROFILE_NAMES } from "./plan/profiles.ts";
export { renderMarkdown } from "./report/markdown.ts";
export { exitCode, type Report } from "./report/report.ts";
export { renderTerminal } from "./report/terminal.ts";
export { CouldNotRun } from "./run/could-not-run.ts";
export type { Question } from "./run/ask-status.ts";
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
  readonly durationSeconds?: number;
  /** Folder for the report and k6's files; made when absent. */
  readonly outDir: string;
  /** Prometheus' remote write address; k6's series go there. */
  readonly prometheusWriteUrl?: string;
  /** Bearer token of the exporter. */
  readonly token?: string;
  /** Number of the first message; another one for each run when absent. */
  readonly firstMessage?: number;
  /** Save this run as the one to compare with. */
  readonly saveBaseline?: boolean;
  /** Folder of the saved baselines. */
  readonly baselines?: string;
  /** Aborting stops k6; the report then covers what was measured. */
  readonly signal?: AbortSignal;
  /** Called about once a second. */
  readonly onProgress?: (progress: Progress) => void;
  /** Whether to ask each status question once after the load; the report holds the answers. */
  readonly askStatus?: true;
  /** Called before each of these questions. */
  readonly onQuestion?: (question: Question) => void;
}

/** Folder of the baselines that are committed. */
export const BASELINES = fileURLToPath(new URL("baselines", import.meta.url));

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/**
 * Puts the exporter under the load of one profile and reports how far it stayed from its limits.
 * Writes `report.json`, `report.md`, `report.html` (k6's dashboard) and `k6.log` to `outDir`.
 *
 * @throws CouldNotRun when the run did not take place
 */
export async function runProfile(options: RunOptions): Promise<Report> {
  const { k6, outDir, signal, token, prometheusWriteUrl } = options;
  const ready = await preflight(options);
  const { profile, target, client, exporter, limits, before } = ready;
  const firstMessage = options.firstMessage ?? firstMessageAt(Date.now());
  await mkdir(outDir, { recursive: true });
  const inFolder = (name: string) => path.resolve(outDir, name);
  const k6Files = {
    summary: inFolder("k6-summary.json"),
    html: inFolder("report.html"),
    log: inFolder("k6.log"),
  };

  const startedAt = new Date().toISOString();
  const sampler = startSampler(
    client,
    before,
    profile.sentiment?.attribution,
    (snapshots, atSeconds) => {
      const progress = progressOf(snapshots, limits, profile, atSeconds);
      if (progress) options.onProgress?.(progress);
    },
  );
  const end = await runK6({
    k6,
    profile,
    target,
    firstMessage,
    ...k6Files,
    ...(token && { token }),
    ...(prometheusWriteUrl && { prometheusWriteUrl }),
    ...(signal && { signal }),
  }).finally(() => sampler.stop());
  await requireFigures(end, k6Files.log);

  const figures = await readFigures(k6Files.summary, profile);
  const measurements = measure({
    profile,
    complete: !end.stopped,
    k6: figures,
    snapshots: sampler.snapshots,
    answersAfter: sampler.answers,
  });
  const asked = options.askStatus && !end.stopped ? await askStatus(askingOf(options, target)) : {};
  const machine = thisMachine();
  const compared = await compare(
    options,
    baselineOf(profile.name, exporter, machine, startedAt, measurements),
  );
  const judgement = judge(profile, measurements, limits);
  const report: Report = {
    version: 3,
    profile,
    startedAt,
    target,
    firstMessage,
    exporter,
    machine,
    k6Version: ready.k6Version,
    measurements,
    ...judgement,
    ...(asked.answers && {
      checks: [...judgement.checks, answersCheck(asked.answers)],
      statusAnswers: asked.answers,
    }),
    gains: compared.gains,
    notes: [
      ...notesOn(sampler.missed, end.stopped),
      ...shareOf(end.cores, machine.cores),
      ...(asked.none ? [NOT_ASKED[asked.none]] : []),
      ...compared.notes,
    ],
    files: {
      json: inFolder("report.json"),
      markdown: inFolder("report.md"),
      k6Log: k6Files.log,
      ...((await exists(k6Files.html)) && { html: k6Files.html }),
    },
  };
  await writeFile(report.files.json, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(report.files.markdown, renderMarkdown(report));
  return report;
}

/** On one machine the load takes its part of what is measured. */
const shareOf = (cores: number | undefined, all: number): string[] =>
  cores === undefined ? [] : [`k6 itself took ${cores.toFixed(2)} of the ${all} cores on average`];

async function readFigures(file: string, profile: Profile): Promise<K6Figures> {
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

const askingOf = ({ token, signal, onQuestion }: RunOptions, target: string): Asking => ({
  target,
  ...(token && { token }),
  ...(signal && { signal }),
  ...(onQuestion && { onQuestion }),
});

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

function notesOn(missed: number, stopped: boolean): string[] {
  return [
    ...(stopped ? ["the run was stopped before its time; the figures cover what was run"] : []),
    ...(missed > 0 ? [`${missed} readings of the exporter's metrics failed`] : []),
  ];
}
