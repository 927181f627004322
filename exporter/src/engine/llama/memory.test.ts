import { expect, it } from "@jest/globals";
import { loadConfig } from "../../config.ts";
import { createLlamaScorer } from "./scorer.ts";

/** What the allocators may add between collections, in bytes; see the comment below. */
const TOLERANCE = 100e6;

it("gives back what each of 10,000 batches used", async () => {
  const scorer = await createLlamaScorer({
    file: loadConfig({}).model,
    instructions: {},
    threads: 1,
  });
  const batch = async (i: number) => {
    const words = ["good", "film", `word${i}`];
    await scorer.score([{ words, ask: "prefixes" }]);
  };
  // 2,000 evaluations leave 50 MB of samplers, so the first rounds show the plateau.
  const rounds: number[] = [];
  for (let i = 0; i < 10_000; i++) {
    await batch(i);
    if ((i + 1) % 2_500 === 0) rounds.push(process.memoryUsage.rss());
  }
  await scorer.close();
  // Each batch leaves 24 kB behind until it is freed: 7,500 of them would be 180 MB more.
  expect(rounds.at(-1)! - rounds[0]!).toBeLessThan(TOLERANCE);
}, 120_000);
