import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ChatChange } from "./plan/chat-load.ts";
import { firstMessageAt } from "./plan/messages.ts";
import { type Profile, withChat } from "./plan/profiles.ts";
import {
  type Baseline,
  baselineOf,
  gainsOver,
  saveBaseline,
  thisMachine,
} from "./report/baseline.ts";
import { type ChatBaseline, chatBaselineOf, chatGains } from "./report/chat-baseline.ts";
import { renderMarkdown, renderPage } from "./report/render.ts";
import type { Report } from "./report/report.ts";
import { sweepSvg } from "./report/sweep-chart.ts";
import { answersCheck, type Asked, askStatus, type StatusRequest } from "./run/ask-status.ts";
import { readyChat, type ReadyChat } from "./run/chat-server.ts";
import { type Preflight, preflight } from "./run/preflight.ts";
import type { Progress } from "./run/progress.ts";
import { type Loading, putLoad } from "./run/put-load.ts";
import { putSweep, type Swept } from "./run/sweep.ts";

export { PROFILE_NAMES } from "./plan/profiles.ts";
export { renderTerminal } from "./report/render.ts";
export { exitCode, type Report } from "./report/report.ts";
export type { StatusRequest } from "./run/ask-status.ts";
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
  /** What of a chat profile's load is asked for instead; its `prompts` is a file of a person's own. */
  readonly chat?: ChatChange | undefined;
  /** The one host beside this machine that may be put under load. */
  readonly allowRemote?: string | undefined;
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
  readonly onStatusRequest?: ((request: StatusRequest) => void) | undefined;
}

/** Folder of the baselines that are committed. */
export const BASELINES = fileURLToPath(new URL("baselines", import.meta.url));

/**
 * Puts the exporter under the load of one profile and reports how far it stayed from its limits.
 * Writes `report.json`, `report.md`, `report.html` (k6's dashboard, or the sweep's own page) and `k6.log`
 * to `outDir`.
 *
 * @throws CouldNotRun when the run did not take place
 */
export async function runProfile(options: RunOptions): Promise<Report> {
  const ready = await preflight(options);
  const { target, exporter, k6Version } = ready;
  const firstMessage = options.firstMessage ?? firstMessageAt(Date.now());
  await mkdir(options.outDir, { recursive: true });
  const inFolder = (name: string) => path.resolve(options.outDir, name);
  const chat = await chatOf(ready.profile, target, options, inFolder("prompts.json"));
  const profile = chat ? withChat(ready.profile, chat.load) : ready.profile;

  const startedAt = new Date().toISOString();
  const machine = thisMachine();
  const loading = { ...options, firstMessage };
  const { load, log, sweep, notes }: Omit<Swept, "sweep"> & Partial<Swept> = chat?.load.mostUsers
    ? await putSweep({ ...ready, profile }, chat, loading, inFolder)
    : await putOne({ ...ready, profile }, loading, inFolder);
  const { measurements, verdicts, checks, goals, html } = load;
  const { token, signal, onStatusRequest } = options;
  const asked: Asked =
    options.askStatus && measurements.complete
      ? await askStatus({ target, token, signal, onStatusRequest })
      : {};
  const steps = sweep?.steps ?? [{ users: usersOf(profile), measurements }];
  const compared = await compare(
    options,
    chat
      ? chatBaselineOf(
          { profile: profile.name, machine, measuredAt: startedAt },
          chat.load,
          chat.server,
          steps,
        )
      : baselineOf(profile.name, exporter, machine, startedAt, measurements),
  );
  const report: Report = {
    version: 4,
    profile,
    startedAt,
    target,
    firstMessage,
    exporter,
    ...(chat && { chatServer: chat.server }),
    machine,
    k6Version,
    measurements,
    verdicts,
    checks: asked.answers ? [...checks, answersCheck(asked.answers)] : checks,
    goals,
    ...(sweep && { sweep }),
    ...(asked.answers && { statusAnswers: asked.answers }),
    gains: compared.gains,
    notes: [
      ...(chat?.notes ?? []),
      ...notes,
      // On one machine the load takes its part of what is measured.
      ...(load.k6Cores === undefined
        ? []
        : [`k6 itself took ${load.k6Cores.toFixed(2)} of the ${machine.cores} cores on average`]),
      ...(asked.none ? [NOT_ASKED[asked.none]] : []),
      ...compared.notes,
    ],
    files: {
      json: inFolder("report.json"),
      markdown: inFolder("report.md"),
      k6Log: log,
      ...(html !== undefined && { html }),
      ...(sweep && { html: inFolder("report.html"), chart: inFolder("report.svg") }),
    },
  };
  await writeFile(report.files.json, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(report.files.markdown, renderMarkdown(report));
  if (sweep) {
    const svg = sweepSvg(sweep);
    await writeFile(inFolder("report.svg"), svg);
    await writeFile(inFolder("report.html"), renderPage(report, svg));
  }
  return report;
}

async function putOne(
  ready: Preflight,
  loading: Omit<Loading, "files">,
  inFolder: (name: string) => string,
) {
  const log = inFolder("k6.log");
  const files = { summary: inFolder("k6-summary.json"), html: inFolder("report.html"), log };
  const load = await putLoad(ready.profile, ready, { ...loading, files });
  return { load, log, notes: load.notes };
}

const NOT_ASKED = {
  "no such route": "the exporter has no route /v1/status, so no status request was sent",
  stopped: "the status requests were stopped before the last one",
} as const;

/** Who answers the chat requests of a profile that sends some. */
async function chatOf(
  { chat }: Profile,
  target: string,
  { token, allowRemote, signal, chat: change }: RunOptions,
  to: string,
): Promise<ReadyChat | undefined> {
  if (!chat) return undefined;
  const prompts = change?.prompts === undefined ? undefined : { from: change.prompts, to };
  return readyChat(chat, { target, token, allowRemote, prompts, signal });
}

const usersOf = ({ chat }: Profile): number =>
  chat?.arrival.kind === "users" ? chat.arrival.users : 0;

/** Compares with what was saved, and saves when told to. */
async function compare(
  options: RunOptions,
  now: Baseline | ChatBaseline | undefined,
): Promise<Pick<Report, "gains" | "notes">> {
  const folder = options.baselines ?? BASELINES;
  if (!now || ("steps" in now && now.steps.length === 0)) {
    const what = now ? "chat requests" : "messages";
    const note = `not saved as a baseline: only runs with answered ${what} are compared`;
    return { gains: [], notes: options.saveBaseline ? [note] : [] };
  }
  return {
    gains: await ("steps" in now ? chatGains(folder, now) : gainsOver(folder, now)),
    notes: options.saveBaseline ? [`saved as the baseline ${await saveBaseline(folder, now)}`] : [],
  };
}
