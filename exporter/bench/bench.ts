/**
 * Compares the exporter's pipeline (worker threads, batcher, attribution, answers) with the bare
 * node-llama-cpp loop: the same messages in turn, A B A B, so that a change of the machine's speed
 * meets both.
 */
import { cpus } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { GOALS } from "../../alerts/limits.ts";
import { readDataset } from "../models/sentiment/training/dataset.ts";
import { AnswerCache } from "../src/cache/answer-cache.ts";
import { NoTier } from "../src/cache/no-tier.ts";
import { loadConfig } from "../src/config.ts";
import { startScorers } from "../src/engine/scorers.ts";
import { ASK } from "../src/sentiment/attribution.ts";
import { createBatcher } from "../src/sentiment/batcher.ts";
import { createAnalyser, type CachedResult } from "../src/sentiment/model-analyser.ts";
import { ATTRIBUTION_METHODS } from "../src/sentiment/result.ts";
import { splitWords } from "../src/sentiment/words.ts";
import { createBareLoop } from "./bare-loop.ts";

const atLeastOne = (text: string) => {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("give a whole number above 0");
};
const { rounds } = new Command("npm run bench --")
  .description("Compares the exporter's pipeline with the bare node-llama-cpp loop.")
  .option("--rounds <n>", "pairs of rounds a method", atLeastOne, 20)
  .parse()
  .opts<{ rounds: number }>();

/** Batches at once, as under load; alone, one would leave a thread idle at its end. */
const IN_FLIGHT = 4;
/** Rounds that are not counted. */
const WARM_UP = 3;

const config = loadConfig(process.env);
const scorers = await startScorers(config);
const analyser = createAnalyser({
  model: scorers[0]!.model,
  cache: new AnswerCache<CachedResult>(new NoTier()),
  batcher: createBatcher({
    scorers,
    maxWaitSeconds: config.batchWaitMs / 1000,
    observer: { batch: () => {}, waited: () => {} },
  }),
  observer: { answered: () => {}, attributed: () => {} },
});
const bare = await createBareLoop(config.model, scorers.length);
const messages = readDataset().map(({ text }) => text);

console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}; ` +
    `${scorers.length} workers against ${scorers.length} contexts; ` +
    `${rounds} pairs of ${IN_FLIGHT} x ${GOALS.batchSize} different messages a method`,
);
console.log("method      exporter msg/s   bare loop msg/s   ratio, median of pairs");
for (const attribution of ATTRIBUTION_METHODS) {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -WARM_UP; round < rounds; round++) {
    const batches = batchesOf(round + WARM_UP);
    const options = {
      attribution,
      cache: "no-store",
      signal: new AbortController().signal,
    } as const;
    const pipeline = () => Promise.all(batches.map((batch) => analyser.analyse(batch, options)));
    const loop = () => bare.run(batches.flat().map(wordsOf), ASK[attribution]);
    const pair = [await seconds(pipeline), await seconds(loop)] as const;
    if (round < 0) continue;
    ours.push(pair[0]);
    theirs.push(pair[1]);
  }
  const rate = (times: readonly number[]) => (IN_FLIGHT * GOALS.batchSize) / quantile(times, 0.5);
  const ratios = ours.map((time, i) => theirs[i]! / time);
  console.log(
    [
      attribution.padEnd(12),
      rate(ours).toFixed(0).padStart(13),
      rate(theirs).toFixed(0).padStart(18),
      quantile(ratios, 0.5).toFixed(2).padStart(10),
    ].join(""),
  );
}
await Promise.all([bare.close(), ...scorers.map((scorer) => scorer.close())]);

function batchesOf(round: number): string[][] {
  return Array.from({ length: IN_FLIGHT }, (_, k) => {
    const from = (round * IN_FLIGHT + k) * GOALS.batchSize;
    return Array.from(
      { length: GOALS.batchSize },
      (_, i) => messages[(from + i) % messages.length]!,
    );
  });
}

function wordsOf(message: string): string[] {
  return splitWords(message);
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
}
