import { GOALS } from "@headroom/alerts/goals";
import { formatCount, formatSeconds } from "@headroom/loadtest/report/format";
import { closingAll, type BenchRun } from "../../bench-run.ts";
import { secondsOf } from "../../in-turn.ts";
import { batchesOf, messagesOfWords } from "../../messages.ts";
import { analyseAll, IN_FLIGHT, startPipeline, type Pipeline } from "../../pipeline.ts";
import { grow, type Growth } from "./grow.ts";

const SIZES = [1, 2, 4, 8, 16, 32, 64, 128] as const;
const WORDS = [4, 8, 16, 32, 64, 128, 256] as const;
const WORKERS = [1, 2, 3, 4] as const;

/** Messages of a point of the table of batches. */
const MESSAGES_A_SIZE = 512;
/** Words of a point of the table of words. */
const WORDS_A_LENGTH = 32_768;

/** Messages a second of the pipeline for these batches. */
async function rateOf(
  { analyser }: Pipeline,
  batches: readonly (readonly string[])[],
  lanes = IN_FLIGHT,
): Promise<number> {
  const count = batches.reduce((sum, batch) => sum + batch.length, 0);
  return count / (await secondsOf(() => analyseAll(analyser, batches, { lanes })));
}

/** By the size of a batch, one batch at a time. */
export function byBatch(run: BenchRun): Promise<Growth> {
  return closingAll(async (keep) => {
    const pipeline = keep(await startPipeline(run.config));
    const points = SIZES.map((size) => ({
      at: String(size),
      measure: (round: number) =>
        rateOf(pipeline, batchesOf(round, MESSAGES_A_SIZE / size, size), 1),
      also: (rate: number) => formatSeconds(size / rate),
    }));
    return grow(run, points, {
      name: "batch",
      title: "Messages of a batch, one batch at a time (pipeline in process)",
      quantity: "messages",
      also: "a batch takes",
    });
  });
}

/** By the words of a message, in full batches. */
export function byWords(run: BenchRun): Promise<Growth> {
  return closingAll(async (keep) => {
    const pipeline = keep(await startPipeline(run.config));
    const points = WORDS.map((words) => ({
      at: String(words),
      measure: (round: number) => {
        const messages = messagesOfWords(words, WORDS_A_LENGTH / words, round);
        return rateOf(pipeline, inBatches(messages));
      },
      also: (rate: number) => formatCount(rate * words),
    }));
    return grow(run, points, {
      name: "words",
      title: "Words of a message, in batches of 128 (pipeline in process)",
      quantity: "words",
      also: "words/s",
    });
  });
}

/** By the number of scorers, in full batches. */
export function byWorkers(run: BenchRun): Promise<Growth> {
  return closingAll(async (keep) => {
    const pipelines: Pipeline[] = [];
    for (const workers of WORKERS) {
      run.tell(`starting ${workers} workers`);
      pipelines.push(keep(await startPipeline({ ...run.config, workers })));
    }
    const points = WORKERS.map((workers, i) => ({
      at: String(workers),
      measure: (round: number) =>
        rateOf(pipelines[i]!, batchesOf(round, IN_FLIGHT, GOALS.batchSize)),
    }));
    return grow(run, points, {
      name: "workers",
      title: `Scorers, on ${run.machine.cores} cores (pipeline in process)`,
      quantity: "workers",
    });
  });
}

function inBatches(messages: readonly string[]): string[][] {
  const size = GOALS.batchSize;
  return Array.from({ length: Math.ceil(messages.length / size) }, (_, i) =>
    messages.slice(i * size, (i + 1) * size),
  );
}
