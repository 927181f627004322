import { GOALS } from "@headroom/alerts/goals";
import { formatCount, formatRatio } from "@headroom/loadtest/report/format";
import { ASK } from "../../src/sentiment/attribution.ts";
import { ATTRIBUTION_METHODS } from "../../src/sentiment/result.ts";
import { splitWords } from "../../src/sentiment/words.ts";
import { createBareLoop } from "./node-llama-cpp.ts";
import { analyseAll, startPipeline } from "./pipeline.ts";
import { inRounds, inTurn, secondsOf, type BenchRun, type Turn } from "./run.ts";
import type { Section } from "./section.ts";
import { pairedRatio, spreadOf, withSpread } from "./spread.ts";
import { batchesOf, IN_FLIGHT, type Batches } from "./workload.ts";

/** Compares the pipeline with the bare node-llama-cpp loop by each method of attribution. */
export async function methods(run: BenchRun): Promise<Section> {
  await using pipeline = await startPipeline(run.config);
  await using bare = await createBareLoop(run.config.model, pipeline.scorers.length);
  const rate =
    (batches: number, work: (batches: Batches) => Promise<unknown>): Turn =>
    async (round) => {
      const messages = batchesOf(round, batches, GOALS.batchSize);
      return (batches * GOALS.batchSize) / (await secondsOf(() => work(messages)));
    };
  const rows: string[][] = [];
  const figures: Record<string, unknown> = {};
  for (const attribution of ATTRIBUTION_METHODS) {
    const [ours, theirs] = await inTurn(
      [
        rate(IN_FLIGHT, (batches) => analyseAll(pipeline.analyser, batches, attribution)),
        rate(IN_FLIGHT / 4, (batches) =>
          bare.run(batches.flat().map(splitWords), ASK[attribution]),
        ),
      ],
      { ...run, what: `attribution ${attribution}` },
    );
    rows.push([
      attribution,
      withSpread(spreadOf(ours!), formatCount),
      withSpread(spreadOf(theirs!), formatCount),
      withSpread(pairedRatio(ours!, theirs!), formatRatio),
    ]);
    figures[attribution] = { pipeline: ours, nodeLlamaCpp: theirs };
  }
  return {
    part: "methods",
    title: "By method of attribution",
    how: [
      `The exporter's pipeline in this process against the bare node-llama-cpp loop, in turn, ` +
        `${inRounds(run.rounds)} a method. Medians, and quartiles in brackets.`,
    ],
    tables: [
      { head: ["method", "pipeline, messages/s", "node-llama-cpp, messages/s", "ratio"], rows },
    ],
    conclusions: [],
    figures,
  };
}
