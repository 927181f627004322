import { NEAR_RATIO } from "@headroom/alerts/headroom";
import { formatEstimate } from "@headroom/loadtest/report/format";
import type { Estimate } from "@headroom/loadtest/report/histogram";
import type { Screen } from "@headroom/loadtest/report/columns";
import { screenOn } from "@headroom/loadtest/report/terminal";
import type { ChatChange } from "@headroom/loadtest/plan/chat-load";
import { PROFILE_NAMES, profile } from "@headroom/loadtest/plan/profiles";
import { type Progress, type StatusRequest, type Report, runProfile } from "@headroom/loadtest/run";
import { liveLineOn, type ProgressStream } from "./progress.ts";

/** A load run as a person asks for it. */
export interface LoadRun {
  readonly k6: string;
  readonly target: string;
  readonly profile: string;
  readonly durationSeconds: number | undefined;
  /** Model of a server that a chat profile asks; the first that is listed when absent. */
  readonly model?: string | undefined;
  /** What of a chat profile's load is asked for instead. */
  readonly chat?: ChatChange | undefined;
  /** A host on another machine, named again because it is put under load. */
  readonly allowRemote?: string | undefined;
  /** Number of the first message or prompt; another one for each run when absent. */
  readonly firstMessage?: number | undefined;
  readonly outDir: string;
  readonly prometheusUrl?: string;
  readonly token?: string | undefined;
  readonly saveBaseline?: boolean | undefined;
  /** Whether to ask each status scenario once after the load. */
  readonly askStatus?: true;
  readonly signal: AbortSignal;
  /** Where the live line goes; standard error when absent. */
  readonly stream?: ProgressStream;
}

const PROFILES_OF_CHAT: readonly string[] = PROFILE_NAMES.filter((name) => profile(name).chat);

/**
 * Runs a profile with a line that shows how it goes. An interrupted run has a report too, of what
 * was measured until then.
 *
 * @throws CouldNotRun when there is nothing to report, or the signal's reason when that is why
 */
export async function runLoad(run: LoadRun): Promise<Report> {
  const { durationSeconds, prometheusUrl, token, saveBaseline, stream, model, ...rest } = run;
  // A server's model is asked by the profiles that ask one.
  const asksModel = model !== undefined && PROFILES_OF_CHAT.includes(run.profile);
  const line = liveLineOn(stream ?? process.stderr);
  const screen = screenOn(process.stderr);
  try {
    return await runProfile({
      ...rest,
      ...(asksModel && { chat: { ...run.chat, model } }),
      onProgress: (progress) => line.show(describe(progress), inColour(progress, screen)),
      onStatusRequest: (request) => line.show(describeStatusRequest(request)),
      ...(durationSeconds !== undefined && { durationSeconds }),
      ...(prometheusUrl !== undefined && { prometheusWriteUrl: `${prometheusUrl}/api/v1/write` }),
      ...(token !== undefined && { token }),
      ...(saveBaseline && { saveBaseline }),
    });
  } catch (error) {
    // k6 leaves nothing to report when it is interrupted in its first second.
    run.signal.throwIfAborted();
    throw error;
  } finally {
    line.end();
  }
}

/**
 * One line about how a run goes, like `12/60 s   nearest: Latency, P95, headroom 92 %   501 msg/s
 * P95 38 ms   6 status answers, P95 1.20 s`: the nearest limit, and what the profile sends.
 */
export function describe(progress: Progress): string {
  const { elapsedSeconds, totalSeconds, silentSeconds, sentiment, status, chat, nearest } =
    progress;
  return [
    `${Math.round(elapsedSeconds)}/${totalSeconds} s`,
    ...(nearest ? [nearestInWords(nearest)] : []),
    ...(silentSeconds === undefined
      ? []
      : [`the exporter has not answered for ${Math.round(silentSeconds)} s`]),
    ...(sentiment
      ? [`${Math.round(sentiment.messagesPerSecond)} msg/s`, `P95 ${time(sentiment.p95)}`]
      : []),
    ...(status ? [`${status.answers} status answers, P95 ${time(status.p95)}`] : []),
    ...(chat
      ? [
          ...(chat.users === undefined ? [] : [`${chat.users} users`]),
          `${chat.answers} answers, P95 of the first token ${time(chat.firstToken)}, ` +
            `of each further one ${time(chat.outputToken)}`,
        ]
      : []),
  ].join("   ");
}

const nearestInWords = ({ title, inWords }: NonNullable<Progress["nearest"]>): string =>
  `nearest: ${title}, ${inWords}`;

/** Colours the nearest limit of a line by its state. */
const inColour =
  ({ nearest }: Progress, screen: Screen) =>
  (line: string): string => {
    if (!nearest) return line;
    const { headroom } = nearest;
    const style = headroom <= 0 ? "bad" : headroom < NEAR_RATIO ? "near" : "good";
    const words = nearestInWords(nearest);
    return line.replace(words, () => screen.paint(words, style));
  };

/** One line about what is asked for after the load, like `asking 3/8: memory-status`. */
export function describeStatusRequest({ scenario, number, of }: StatusRequest): string {
  return `asking ${number}/${of}: ${scenario}`;
}

const time = (p95: Estimate): string =>
  Number.isFinite(p95.value) ? formatEstimate(p95) : "none yet";
