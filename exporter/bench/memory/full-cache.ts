import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { MEMORY_CHECKS } from "@headroom/alerts/bench-bounds";
import { keysOf } from "../../src/cache/key.ts";
import { MemoryTier } from "../../src/cache/memory.ts";
import type { StatusAnswer, Summary } from "../../src/status/answer.ts";
import { parseSummary } from "../../src/status/summary/summary.ts";
import { megabytes, type Measurement } from "./measurement.ts";

/** Bounds of a cache. */
export interface CacheBounds {
  readonly entries: number;
  readonly bytes: number;
}

/** Put in between two looks at how full it is. */
const CHUNK = 1_000;

/**
 * Fills the memory tier with copies of status answers until more of them push others out, and tells by how
 * much the memory that V8 knows of has grown.
 */
export async function measureCache(
  answers: readonly StatusAnswer[],
  bounds: CacheBounds,
): Promise<Measurement> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const used = () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const key = keysOf({ task: "status", model: "memory", options: {} });
  const texts = answers.map((answer) => JSON.stringify(summaryOf(answer)));
  const before = used();
  const tier = new MemoryTier<Summary>({ ...bounds, ttlSeconds: 3_600, observe: () => {} });
  let put = 0;
  let held = { entries: 0, bytes: 0 };
  do {
    for (let i = 0; i < CHUNK; i++, put++) {
      // Each is read anew, so that no two share a string.
      tier.setMany([[key(String(put)), parseSummary(JSON.parse(texts[put % texts.length]!))]]);
    }
    held = await tier.stats();
  } while (held.entries === put);
  const heap = used() - before;
  await tier.close();
  return {
    check: MEMORY_CHECKS.cacheAtBound,
    value: heap / bounds.bytes,
    how:
      `${held.entries} answers take ${megabytes(heap)}, estimated ${megabytes(held.bytes)}; ` +
      `the bound is ${megabytes(bounds.bytes)}`,
  };
}

/** The part of an answer that is cached. */
function summaryOf(answer: StatusAnswer): Summary {
  const { status, takenAt, findings, unavailable, summary, summaryFrom, fallback } = answer;
  return {
    ...{ status, takenAt, findings, unavailable, summary, summaryFrom },
    ...(fallback && { fallback }),
  };
}
