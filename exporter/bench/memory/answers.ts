import { setTimeout as sleep } from "node:timers/promises";
import { MEMORY_CHECKS } from "@headroom/alerts/bench-bounds";
import type { StatusAnswer } from "../../src/status/answer.ts";
import { kilobytes, megabytes, type Measurement } from "./measurement.ts";
import type { ResidentMemory } from "./exporter-process.ts";
import type { Running } from "./running.ts";
import { theilSenSlope } from "./slope.ts";

const SAMPLE_MS = 100;

/** What the chat model's process takes once it has loaded, against its plan. */
export async function measureLoad({ exporter, tell }: Running): Promise<Measurement> {
  tell("model load");
  const [planned, { chat }] = [await exporter.plannedBytes(), await exporter.memory()];
  return {
    check: MEMORY_CHECKS.modelLoad,
    value: chat / planned,
    how: `the chat model's process has ${megabytes(chat)}; its plan said ${megabytes(planned)}`,
  };
}

/** How far memory rises while questions are answered one after the other, and the answers. */
export async function measureAnswers(
  bench: Running,
): Promise<{ measurement: Measurement; given: readonly StatusAnswer[] }> {
  const { exporter, amounts, tell } = bench;
  const given: StatusAnswer[] = [];
  const used = [await exporter.memory()];
  for (let i = 0; i < amounts.answers; i++) {
    tell("answers", i, amounts.answers);
    given.push(await exporter.ask(i));
    used.push(await exporter.memory());
  }
  const [before, after] = [used[0]!, used.at(-1)!];
  return {
    given,
    measurement: {
      check: MEMORY_CHECKS.answers,
      value: largestRise(used.map(({ total }) => total)),
      how:
        `largest rise in ${amounts.answers} answers past the cache; first to last: exporter ` +
        `${megabytes(after.exporter - before.exporter)}, chat model ${megabytes(after.chat - before.chat)}`,
    },
  };
}

/** Memory that V8 gives back in between cannot hide what was taken before or after. */
function largestRise(values: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  let rise = 0;
  for (const value of values) {
    least = Math.min(least, value);
    rise = Math.max(rise, value - least);
  }
  return rise;
}

/** How far memory rises while many ask at the same time. */
export async function measureConcurrency(bench: Running): Promise<Measurement> {
  const { exporter, amounts, tell, signal } = bench;
  tell(`${amounts.atOnce} questions at once`);
  const before = (await exporter.memory()).total;
  let peak = before;
  let done = false;
  const asked = Promise.all(Array.from({ length: amounts.atOnce }, (_, i) => exporter.ask(i)));
  // It is awaited below; until then its failure only ends the sampling.
  const ended = asked.catch(() => {}).finally(() => (done = true));
  while (!done) {
    peak = Math.max(peak, (await exporter.memory()).total);
    await Promise.race([sleep(SAMPLE_MS, undefined, { signal }), ended]);
  }
  await asked;
  return {
    check: MEMORY_CHECKS.concurrency,
    value: peak - before,
    how: `${amounts.atOnce} questions at once: peak ${megabytes(peak)}, before ${megabytes(before)}`,
  };
}

/**
 * What memory grows by with each answer. The exporter must collect its garbage often, or what V8 has
 * had no reason to collect looks like a leak.
 */
export async function measureLeak({ exporter, amounts, tell }: Running): Promise<Measurement> {
  for (let i = 0; i < amounts.warmUp; i++) {
    tell("warm-up", i, amounts.warmUp);
    await exporter.ask(i);
  }
  const used: ResidentMemory[] = [];
  for (let i = 0; i < amounts.repeated; i++) {
    tell("repeated answers", i, amounts.repeated);
    await exporter.ask(i);
    used.push(await exporter.memory());
  }
  const slope = (of: (memory: ResidentMemory) => number) => theilSenSlope(used.map(of));
  return {
    check: MEMORY_CHECKS.leak,
    value: slope(({ total }) => total),
    how:
      `exporter ${kilobytes(slope((memory) => memory.exporter))}, ` +
      `chat model ${kilobytes(slope(({ chat }) => chat))}: ` +
      `slope over ${amounts.repeated} answers past the cache after a warm-up of ${amounts.warmUp}, ` +
      `with garbage collected every second`,
  };
}
