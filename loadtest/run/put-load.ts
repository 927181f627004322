import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Profile } from "../plan/profiles.ts";
import { type Assessment, assess } from "../report/assessment.ts";
import { readK6Figures } from "../report/k6-figures.ts";
import { measure, type Measurements } from "../report/measurements.ts";
import { readSnapshot } from "../report/snapshot.ts";
import { CouldNotRun, reason } from "./could-not-run.ts";
import { startSampler } from "./exporter-client.ts";
import { requireFigures, runK6 } from "./k6.ts";
import type { Preflight } from "./preflight.ts";
import { type Progress, progressOf } from "./progress.ts";

/** What one load needs beside what was looked at before it. */
export interface Loading {
  readonly k6: string;
  readonly firstMessage: number;
  readonly token?: string | undefined;
  readonly allowRemote?: string | undefined;
  readonly prometheusWriteUrl?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Files that k6 writes; its dashboard only when it is named. */
  readonly files: { readonly summary: string; readonly log: string; readonly html?: string };
}

/** What came of one load. */
export interface Loaded extends Assessment {
  readonly measurements: Measurements;
  /** What went wrong beside it, in words. */
  readonly notes: readonly string[];
  /** Cores that k6 took on average; absent where that is not known. */
  readonly k6Cores?: number;
  /** k6's own dashboard; absent when the run was too short for one. */
  readonly html?: string;
}

/**
 * Puts one load on the exporter, to its end, and holds what it measured against the limits.
 *
 * @throws CouldNotRun when k6 left no figures
 */
export async function putLoad(
  profile: Profile,
  { client, target, limits }: Pick<Preflight, "client" | "target" | "limits">,
  loading: Loading,
): Promise<Loaded> {
  const { files, onProgress, ...rest } = loading;
  const attribution = profile.sentiment?.attribution;
  // Read again before each load: a step of a sweep is measured from its own beginning.
  const before = readSnapshot(await client.metrics(), 0, attribution);
  const sampler = startSampler(client, before, attribution, (snapshots, atSeconds) => {
    const progress = progressOf(snapshots, limits, profile, atSeconds);
    if (progress) onProgress?.(progress);
  });
  const end = await runK6({ ...rest, ...files, profile, target, limits }).finally(sampler.stop);
  await requireFigures(end, files.log);
  const measurements = measure({
    profile,
    complete: !end.stopped,
    k6: await readFigures(files.summary, profile),
    snapshots: sampler.snapshots,
    answersAfter: sampler.answers,
    limits,
  });
  return {
    measurements,
    ...assess(profile, measurements, limits),
    notes: [
      ...(end.stopped
        ? ["the run was stopped before its time; the figures cover what was run"]
        : []),
      ...(sampler.missed > 0
        ? [`${sampler.missed} readings of the exporter's metrics failed`]
        : []),
    ],
    ...(end.cores !== undefined && { k6Cores: end.cores }),
    ...(files.html !== undefined && existsSync(files.html) && { html: files.html }),
  };
}

async function readFigures(file: string, profile: Profile) {
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
