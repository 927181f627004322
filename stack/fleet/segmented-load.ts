import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { METRICS } from "@headroom/loadtest/plan/k6-metrics";
import { profile, type ProfileName } from "@headroom/loadtest/plan/profiles";
import { requireFigures, runK6 } from "@headroom/loadtest/run/k6";
import { type Seen, seenBetween } from "../chaos/steady-load.ts";
import type { RunFolder } from "../places.ts";

/** A load as k6-operator makes it: one k6 for each part, none of which knows of the others. */
export interface SegmentedLoad {
  readonly k6: string;
  readonly profile: ProfileName;
  readonly seconds: number;
  readonly segments: number;
  readonly target: string;
  readonly folder: RunFolder;
  /** Of the files that k6 writes. */
  readonly name: string;
  readonly firstMessage: number;
  readonly signal: AbortSignal;
}

/** What all parts of a load saw together. */
export interface LoadSeen extends Omit<Seen, "p95Ms"> {
  /** Messages that were sent, and those whose answer came from a cache. */
  readonly messages: number;
  readonly cached: number;
}

/**
 * Puts a load on a fleet by several k6 side by side, each with its segment, and sums up what they saw.
 *
 * @param load.signal - ends the load early
 * @throws CouldNotRun with the end of its log when a k6 leaves no figures
 */
export async function putSegmentedLoad(load: SegmentedLoad): Promise<LoadSeen> {
  const { segments, folder, name, seconds } = load;
  const parts = await Promise.all(
    Array.from({ length: segments }, async (_, index) => {
      const file = (kind: string) => join(folder.path, `${name}-${index + 1}.${kind}`);
      const files = {
        summary: file("json"),
        samples: file("samples"),
        log: folder.log(`${name}-${index + 1}`),
      };
      const segment = { index, of: segments };
      const end = await runK6({
        ...load,
        ...files,
        profile: profile(load.profile, seconds),
        segment,
      });
      await requireFigures(end, files.log);
      const { metrics } = JSON.parse(await readFile(files.summary, "utf8")) as {
        metrics: Readonly<Record<string, { readonly count?: number }>>;
      };
      return {
        seen: await seenBetween(files.samples, 0, Infinity),
        messages: metrics[METRICS.messagesSent]?.count ?? 0,
        cached: metrics[METRICS.messagesCached]?.count ?? 0,
      };
    }),
  );
  const sum = (count: (part: (typeof parts)[number]) => number) =>
    parts.reduce((total, part) => total + count(part), 0);
  const statuses = parts.flatMap(({ seen }) => Object.keys(seen.errors));
  return {
    answers: sum(({ seen }) => seen.answers),
    lost: sum(({ seen }) => seen.lost),
    away: sum(({ seen }) => seen.away),
    errors: Object.fromEntries(
      statuses.map((status) => [status, sum(({ seen }) => seen.errors[status] ?? 0)]),
    ),
    messages: sum(({ messages }) => messages),
    cached: sum(({ cached }) => cached),
  };
}
