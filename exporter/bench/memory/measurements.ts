import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { combinations, median } from "simple-statistics";
import { MEMORY_CHECKS } from "@headroom/alerts/bench-bounds";
import { GOALS } from "@headroom/alerts/goals";
import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import { readDataset } from "../../models/sentiment/training/dataset.ts";
import type { StatusAnswer } from "../../src/status/answer.ts";
import type { Running } from "../command.ts";
import type { ExporterProcess, ResidentMemory } from "./exporter-process.ts";
import { kilobytes, megabytes, type Measurement } from "./measurement.ts";

/** How much is asked. */
export interface Amounts {
  /** Whose growth is measured. */
  readonly answers: number;
  readonly atOnce: number;
  /** Before a leak is searched: until then memory is used for the first time, and kept. */
  readonly warmUp: number;
  /** Over which a leak is searched. */
  readonly repeated: number;
  /** Of messages, after a tenth as many that are not counted. */
  readonly batches: number;
}

/** An exporter that runs, and how much it is asked. */
export interface Measured extends Pick<Running, "tell" | "signal"> {
  readonly exporter: ExporterProcess;
  readonly amounts: Amounts;
}

/** Between two looks at the memory while many ask. */
const SAMPLE_MS = 100;
/** Readings whose median is taken before and after batches, and the time between them. */
const READINGS = { count: 5, ms: 1_500 };
/** One of each scenario. */
const ONE_OF_EACH = Object.keys(STATUS_TARGET_SECONDS).length;

/** What the chat model's process takes once it has loaded, against its plan. */
export async function measureLoad({ exporter, tell }: Measured): Promise<Measurement> {
  tell("model load");
  const [planned, { chat }] = [await exporter.plannedBytes(), await exporter.memory()];
  return {
    check: MEMORY_CHECKS.modelLoad,
    value: chat / planned,
    how: `the chat model's process has ${megabytes(chat)}; its plan said ${megabytes(planned)}`,
  };
}

/** How far memory rises while status requests are answered one after the other, and the answers. */
export async function measureAnswers({
  exporter,
  amounts,
  tell,
}: Measured): Promise<{ measurement: Measurement; given: readonly StatusAnswer[] }> {
  const given: StatusAnswer[] = [];
  const used = [await exporter.memory()];
  // From the least so far: what V8 gives back in between must not hide what was taken.
  let [least, rise] = [used[0]!.total, 0];
  for (let i = 0; i < amounts.answers; i++) {
    tell("answers", i, amounts.answers);
    given.push(await exporter.ask(i));
    used.push(await exporter.memory());
    least = Math.min(least, used.at(-1)!.total);
    rise = Math.max(rise, used.at(-1)!.total - least);
  }
  const [before, after] = [used[0]!, used.at(-1)!];
  const how =
    `largest rise in ${amounts.answers} answers past the cache; first to last: exporter ` +
    `${megabytes(after.exporter - before.exporter)}, chat model ${megabytes(after.chat - before.chat)}`;
  return { given, measurement: { check: MEMORY_CHECKS.answers, value: rise, how } };
}

/** How far memory rises while many ask at the same time. */
export async function measureConcurrency(measured: Measured): Promise<Measurement> {
  const { exporter, amounts, tell, signal } = measured;
  tell(`${amounts.atOnce} requests at once`);
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
    how: `${amounts.atOnce} requests at once: peak ${megabytes(peak)}, before ${megabytes(before)}`,
  };
}

/**
 * What memory grows by with each answer. The exporter must collect its garbage often, or what V8 has
 * had no reason to collect looks like a leak.
 */
export async function measureLeak({ exporter, amounts, tell }: Measured): Promise<Measurement> {
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
  const slope = (of: keyof ResidentMemory) => theilSenSlope(used.map((memory) => memory[of]));
  return {
    check: MEMORY_CHECKS.leak,
    value: slope("total"),
    how:
      `exporter ${kilobytes(slope("exporter"))}, chat model ${kilobytes(slope("chat"))}: ` +
      `slope over ${amounts.repeated} answers past the cache after a warm-up of ${amounts.warmUp}, ` +
      `with garbage collected every second`,
  };
}

/**
 * The growth from one of evenly spaced values to the next: the median of the slopes between all pairs
 * (Theil 1950, Sen 1968). A collection of garbage now and then moves it little.
 *
 * @throws RangeError when there are fewer than two
 */
export function theilSenSlope(values: readonly number[]): number {
  if (values.length < 2) throw new RangeError(`a slope needs two values, got ${values.length}`);
  const pairs = combinations([...values.entries()], 2) as [[number, number], [number, number]][];
  return median(pairs.map(([[i, from], [k, to]]) => (to - from) / (k - i)));
}

/**
 * What memory grows by while many batches of messages are scored past the cache. The exporter must collect
 * its garbage often, as for a leak.
 */
export async function measureBatches(measured: Measured): Promise<Measurement> {
  const { exporter, amounts, tell, signal } = measured;
  const size = GOALS.batchSize;
  const messages = readDataset().map(({ text }) => text);
  const score = async (what: string, count: number): Promise<number> => {
    for (let i = 0; i < count; i++) {
      tell(what, i, count);
      const batch = Array.from(
        { length: size },
        (_, k) => messages[(i * size + k) % messages.length]!,
      );
      await exporter.score(batch);
    }
    const read: number[] = [];
    for (let i = 0; i < READINGS.count; i++) {
      await sleep(READINGS.ms, undefined, { signal });
      read.push((await exporter.memory()).exporter);
    }
    return median(read);
  };
  const first = Math.ceil(amounts.batches / 10);
  const before = await score("first batches", first);
  const after = await score("batches", amounts.batches);
  return {
    check: MEMORY_CHECKS.batches,
    value: after - before,
    how:
      `exporter ${megabytes(before)} after ${first} batches, ${megabytes(after)} after ` +
      `${amounts.batches} more of ${size} different messages with their attribution`,
  };
}

/**
 * What the exporter takes besides model and runtime. The simulated engine stands for the models: it
 * has none, so that only what the exporter itself takes is left beside Node.
 */
export async function measureOptimiser({ exporter, tell }: Measured): Promise<Measurement> {
  tell("everything but model and runtime");
  for (let i = 0; i < ONE_OF_EACH; i++) await exporter.ask(i);
  const whole = (await exporter.memory()).exporter;
  const bare = ["--eval", "process.stdout.write(String(process.memoryUsage.rss()))"];
  const runtime = Number((await promisify(execFile)(process.execPath, bare)).stdout);
  return {
    check: MEMORY_CHECKS.optimiser,
    value: whole - runtime,
    how:
      `an exporter with the simulated engine has ${megabytes(whole)} after ${ONE_OF_EACH} answers; ` +
      `Node alone ${megabytes(runtime)}`,
  };
}
