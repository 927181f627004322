import { inRounds, type BenchRun } from "../../bench-run.ts";
import type { Section } from "../../figures/section.ts";
import { byClients } from "./by-clients.ts";
import { byModel } from "./by-model.ts";
import { roundsOf, type Growth } from "./grow.ts";
import { byBatch, byWords, byWorkers } from "./in-process.ts";

/** How the rate grows with batches, words, workers, clients and the model. */
export async function growth(run: BenchRun): Promise<Section> {
  const grown: Growth[] = [];
  for (const measure of [byBatch, byWords, byWorkers, byClients, byModel]) {
    grown.push(await measure(run));
  }
  return {
    part: "growth",
    title: "Growth",
    how: [
      `Prefix attributions, past the cache, all points of a table in turn, ${inRounds(roundsOf(run))}. ` +
        "Medians, and quartiles in brackets.",
    ],
    tables: grown.map(({ table }) => table),
    conclusions: [],
    figures: Object.fromEntries(grown.map(({ name, figures }) => [name, figures])),
  };
}
