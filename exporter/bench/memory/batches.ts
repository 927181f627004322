import { setTimeout as sleep } from "node:timers/promises";
import { MEMORY_CHECKS } from "@headroom/alerts/bench-bounds";
import { GOALS } from "@headroom/alerts/goals";
import { readDataset } from "../../models/sentiment/training/dataset.ts";
import { megabytes, type Measurement } from "./measurement.ts";
import type { Running } from "./running.ts";

/** Readings whose median is taken before and after, and the time between them. */
const READINGS = { count: 5, ms: 1_500 };

/**
 * What memory grows by while many batches of messages are scored past the cache. The exporter must collect
 * its garbage often, as for a leak.
 */
export async function measureBatches(running: Running): Promise<Measurement> {
  const { exporter, amounts, tell } = running;
  const messages = readDataset().map(({ text }) => text);
  const score = async (what: string, count: number) => {
    for (let i = 0; i < count; i++) {
      tell(what, i, count);
      const from = i * GOALS.batchSize;
      await exporter.score(
        Array.from({ length: GOALS.batchSize }, (_, k) => messages[(from + k) % messages.length]!),
      );
    }
    return settled(running);
  };
  const before = await score("first batches", Math.ceil(amounts.batches / 10));
  const after = await score("batches", amounts.batches);
  return {
    check: MEMORY_CHECKS.batches,
    value: after - before,
    how:
      `exporter ${megabytes(before)} after ${Math.ceil(amounts.batches / 10)} batches, ${megabytes(after)} after ` +
      `${amounts.batches} more of ${GOALS.batchSize} different messages with their attribution`,
  };
}

async function settled({ exporter, signal }: Running): Promise<number> {
  const read: number[] = [];
  for (let i = 0; i < READINGS.count; i++) {
    await sleep(READINGS.ms, undefined, { signal });
    read.push((await exporter.memory()).exporter);
  }
  return read.sort((a, b) => a - b)[Math.floor(READINGS.count / 2)]!;
}
