import { MEMORY_CHECKS } from "@headroom/alerts/bench-bounds";
import type { StatusAnswer } from "../../src/status/answer.ts";
import { measureAnswers, measureConcurrency, measureLeak, measureLoad } from "./answers.ts";
import { measureBatches } from "./batches.ts";
import { fillCache } from "./cache-at-bound.ts";
import { megabytes, type Measurement } from "./measurement.ts";
import { measureOptimiser } from "./optimiser.ts";
import { withExporter, type Bench } from "./running.ts";

/**
 * Takes all measurements, one after the other, on exporters of its own.
 *
 * @throws Error when an exporter or its chat model does not start or fails
 * @throws the signal's reason when it aborts
 */
export async function measureAll(bench: Bench): Promise<Measurement[]> {
  const ofOne = await withExporter(bench, {}, async (running) => {
    const load = await measureLoad(running);
    const { measurement, given } = await measureAnswers(running);
    return [
      load,
      measurement,
      await measureCache(running, given),
      await measureConcurrency(running),
    ];
  });
  return [
    ...ofOne,
    ...(await withExporter(bench, { collectOften: true }, async (running) => [
      await measureLeak(running),
      await measureBatches(running),
    ])),
    await withExporter(bench, { simulate: true, language: "en" }, measureOptimiser),
  ];
}

async function measureCache(
  { cache, tell }: Bench,
  answers: readonly StatusAnswer[],
): Promise<Measurement> {
  tell("the cache at its bound");
  const { entries, estimatedBytes, heapBytes } = await fillCache(answers, cache);
  return {
    check: MEMORY_CHECKS.cacheAtBound,
    value: heapBytes / cache.bytes,
    how:
      `${entries} answers take ${megabytes(heapBytes)}, estimated ${megabytes(estimatedBytes)}; ` +
      `the bound is ${megabytes(cache.bytes)}`,
  };
}
