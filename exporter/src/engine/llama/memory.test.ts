import { expect, it } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { loadConfig } from "../../config.ts";
import { createLlamaScorer } from "./scorer.ts";

/**
 * By node-llama-cpp each batch leaves 24 kB of samplers until they are collected: 7,500 of them would be
 * 180 MB more. By the C API only V8's own heap goes up and down, by 50 MB at most.
 */
const WAYS = [
  { by: "C API", onlyNodeLlamaCpp: false, toleranceBytes: 60e6 },
  { by: "node-llama-cpp", onlyNodeLlamaCpp: true, toleranceBytes: 100e6 },
] as const;

it.each(WAYS)(
  "gives back what each of 10,000 batches used by $by",
  async (way) => {
    const scorer = await createLlamaScorer({
      file: loadConfig({}).model,
      instructions: {},
      threads: 1,
      onlyNodeLlamaCpp: way.onlyNodeLlamaCpp,
    });
    expect(scorer.model.access).toMatchObject({ by: way.by });
    const batch = async (i: number) => {
      await scorer.score([{ text: `good film word${i}`, ask: "prefixes" }]);
    };
    // The first round is the way to the plateau.
    const rounds: number[] = [];
    for (let i = 0; i < 10_000; i++) {
      await batch(i);
      if ((i + 1) % 2_500 === 0) rounds.push(residentBytes(scorer.pid!));
    }
    await scorer.close();
    expect(rounds.at(-1)! - rounds[0]!).toBeLessThan(way.toleranceBytes);
  },
  300_000,
);

/** What a process has in memory; `ps` tells it in KiB on Linux and macOS. */
function residentBytes(pid: number): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) * 1024;
}
