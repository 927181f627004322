import { formatEstimate } from "@headroom/loadtest/report/format";
import type { Estimate } from "@headroom/loadtest/report/histogram";
import { type Progress, type Question, type Report, runProfile } from "@headroom/loadtest/run";
import { liveLineOn, type ProgressStream } from "./progress.ts";

/** A load run as a person asks for it. */
export interface LoadRun {
  readonly k6: string;
  readonly target: string;
  readonly profile: string;
  readonly durationSeconds: number | undefined;
  /** Model of a server that a chat profile asks; the first that is listed when absent. */
  readonly model?: string | undefined;
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

/**
 * Runs a profile with a line that shows how it goes. An interrupted run has a report too, of what
 * was measured until then.
 *
 * @throws CouldNotRun when there is nothing to report, or the signal's reason when that is why
 */
export async function runLoad(run: LoadRun): Promise<Report> {
  const { durationSeconds, prometheusUrl, token, saveBaseline, stream, ...rest } = run;
  const line = liveLineOn(stream ?? process.stderr);
  try {
    return await runProfile({
      ...rest,
      onProgress: (progress) => line.show(describe(progress)),
      onQuestion: (asked) => line.show(describeScenario(asked)),
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
 * One line about how a run goes, like `12/60 s   501 msg/s   P95 38 ms   6 status answers,
 * P95 1.20 s   nearest limit: ...`, with what the profile sends.
 */
export function describe(progress: Progress): string {
  const { elapsedSeconds, totalSeconds, silentSeconds, sentiment, status, nearest } = progress;
  return [
    `${Math.round(elapsedSeconds)}/${totalSeconds} s`,
    ...(silentSeconds === undefined
      ? []
      : [`the exporter has not answered for ${Math.round(silentSeconds)} s`]),
    ...(sentiment
      ? [`${Math.round(sentiment.messagesPerSecond)} msg/s`, `P95 ${time(sentiment.p95)}`]
      : []),
    ...(status ? [`${status.answers} status answers, P95 ${time(status.p95)}`] : []),
    ...(nearest ? [`nearest limit: ${nearest.title}, ${nearest.inWords}`] : []),
  ].join("   ");
}

/** One line about what is asked after the load, like `asking 3/8: memory-status`. */
export function describeScenario({ scenario, number, of }: Question): string {
  return `asking ${number}/${of}: ${scenario}`;
}

const time = (p95: Estimate): string =>
  Number.isFinite(p95.value) ? formatEstimate(p95) : "none yet";
