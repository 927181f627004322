import type { ScoreRequest, Scorer } from "../../scorer.ts";

/**
 * A batch as it is served, for the time it takes: as many tokens as the engine evaluates together, of
 * which every fourth message wants the scores of all its prefixes.
 */
const BATCH: readonly ScoreRequest[] = Array.from({ length: 32 }, (_, i) => ({
  text: "the film is long but good really",
  ask: i % 4 === 0 ? "prefixes" : "whole",
}));

/** Few tokens are evaluated by other kernels, which a driver prepares when they are first used. */
const SINGLE: readonly ScoreRequest[] = [{ text: "good", ask: "whole" }];

/** Odd, so that the median is one of them. */
const RUNS = 3;

/** Seconds that a batch takes. */
export interface ProbeSeconds {
  readonly device: number;
  readonly processor: number;
}

/**
 * Has both evaluate the same batch, in turn, so that whatever else the machine does slows both. Each
 * does everything once before, so that all is prepared and no first run counts.
 *
 * @returns the device's median, and the processor's shortest time: it answers requests meanwhile, and a
 * probe that waited behind them says nothing
 * @throws HeadroomError when one of them fails
 */
export async function compareSpeed(device: Scorer, processor: Scorer): Promise<ProbeSeconds> {
  for (const scorer of [device, processor]) {
    await scorer.score(SINGLE);
    await scorer.score(BATCH);
  }
  const seconds = { device: [] as number[], processor: [] as number[] };
  for (let run = 0; run < RUNS; run++) {
    seconds.device.push(await secondsOf(device));
    seconds.processor.push(await secondsOf(processor));
  }
  return { device: median(seconds.device), processor: Math.min(...seconds.processor) };
}

async function secondsOf(scorer: Scorer): Promise<number> {
  const started = performance.now();
  await scorer.score(BATCH);
  return (performance.now() - started) / 1000;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1]!;
