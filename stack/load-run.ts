import { type Progress, type Report, runProfile } from "../loadtest/run.ts";
import type { ProgressStream } from "./activity.ts";
import { liveLineOn } from "./live-line.ts";

/** A load run as a person asks for it. */
export interface LoadRun {
  readonly k6: string;
  readonly target: string;
  readonly profile: string;
  readonly durationSeconds: number | undefined;
  readonly outDir: string;
  readonly prometheusUrl?: string;
  readonly token?: string | undefined;
  readonly saveBaseline?: boolean | undefined;
  readonly signal: AbortSignal;
  /** Where the live line goes. */
  readonly stream: ProgressStream;
}

/**
 * Runs a profile with a line that shows how it goes. An interrupted run has a report too, of what
 * was measured until then.
 *
 * @throws CouldNotRun when there is nothing to report, or the signal's reason when that is why
 */
export async function runLoad(run: LoadRun): Promise<Report> {
  const { durationSeconds, prometheusUrl, token, saveBaseline, stream } = run;
  const line = liveLineOn(stream);
  try {
    return await runProfile({
      k6: run.k6,
      target: run.target,
      profile: run.profile,
      outDir: run.outDir,
      signal: run.signal,
      onProgress: (progress) => line.show(describe(progress)),
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

/** One line about how a run goes, like `12/60 s  501 msg/s  P95 38 ms  nearest limit: ...`. */
export function describe(progress: Progress): string {
  const { elapsedSeconds, totalSeconds, messagesPerSecond, p95Seconds, nearest } = progress;
  const p95 = Number.isFinite(p95Seconds) ? `${Math.round(p95Seconds * 1000)} ms` : "none yet";
  return [
    `${Math.round(elapsedSeconds)}/${totalSeconds} s`,
    `${Math.round(messagesPerSecond)} msg/s`,
    `P95 ${p95}`,
    ...(nearest
      ? [`nearest limit: ${nearest.title}, headroom ${Math.round(nearest.headroom * 100)} %`]
      : []),
  ].join("   ");
}
