import { GOALS } from "@headroom/alerts/goals";
import { formatCount, formatRatio } from "@headroom/loadtest/report/format";
import { createBareLoop } from "../../bare-loop.ts";
import { ASK } from "../../../src/sentiment/attribution.ts";
import { ATTRIBUTION_METHODS } from "../../../src/sentiment/result.ts";
import { splitWords } from "../../../src/sentiment/words.ts";
import { closingAll, inRounds, warmUpOf, type BenchRun } from "../bench-run.ts";
import type { Section } from "../figures/section.ts";
import { pairedRatio, spreadOf, withSpread } from "../figures/spread.ts";
import { inTurn, secondsOf } from "../in-turn.ts";
import { batchesOf } from "../messages.ts";
import { analyseAll, IN_FLIGHT, startPipeline } from "../pipeline.ts";

/** Compares the pipeline with the bare node-llama-cpp loop by each method of attribution. */
export function methods(run: BenchRun): Promise<Section> {
  return closingAll(async (keep) => {
    const pipeline = keep(await startPipeline(run.config));
    const bare = keep(await createBareLoop(run.config.model, pipeline.scorers.length));
    const size = GOALS.batchSize;
    const rows: string[][] = [];
    const figures: Record<string, unknown> = {};
    for (const attribution of ATTRIBUTION_METHODS) {
      const rate = async (batches: readonly (readonly string[])[], work: () => Promise<unknown>) =>
        (batches.length * size) / (await secondsOf(work));
      const [ours, theirs] = await inTurn(
        [
          {
            name: "pipeline",
            measure: (round) => {
              const batches = batchesOf(round, IN_FLIGHT, size);
              return rate(batches, () => analyseAll(pipeline.analyser, batches, { attribution }));
            },
          },
          {
            name: "node-llama-cpp",
            measure: (round) => {
              const batches = batchesOf(round, IN_FLIGHT / 4, size);
              const words = () => batches.flat().map(splitWords);
              return rate(batches, () => bare.run(words(), ASK[attribution]));
            },
          },
        ],
        { ...run, warmUp: warmUpOf(run.rounds), what: `attribution ${attribution}` },
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
  });
}
