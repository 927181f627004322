import { ENGINE_GOALS } from "@headroom/alerts/bench-bounds";
import { GOALS } from "@headroom/alerts/goals";
import { formatCount } from "@headroom/loadtest/report/format";
import { createMetrics } from "../../src/metrics/metrics.ts";
import { analyseAll, NOBODY, startPipeline } from "./pipeline.ts";
import { inTurn, secondsOf, warmUpOf, type BenchRun } from "./run.ts";
import { verdictInDoubt, type Section } from "./section.ts";
import { doubtOf, pairedRatio, spreadOf, withSpread } from "./spread.ts";
import { batchesOf, IN_FLIGHT } from "./workload.ts";

/** Pairs for each round that was asked for: a difference of a hundredth needs many. */
const PAIRS_A_ROUND = 5;

/** What it costs that batches, messages and attributions are observed by the exporter's metrics. */
export async function observing(run: BenchRun): Promise<Section> {
  await using pipeline = await startPipeline(run.config);
  using opened = new DisposableStack();
  const metrics = opened.adopt(createMetrics({ version: "bench" }), (one) => one.close());
  const rounds = run.rounds * PAIRS_A_ROUND;
  const warmUp = warmUpOf(run.rounds);
  const sides = [pipeline.observedBy(metrics), pipeline.observedBy(NOBODY)];
  const processor = sides.map((): number[] => []);
  const [watched, unwatched] = await inTurn(
    sides.map((analyser, side) => async (round) => {
      const batches = batchesOf(round, IN_FLIGHT, GOALS.batchSize);
      const before = process.cpuUsage();
      const seconds = await secondsOf(() => analyseAll(analyser, batches));
      const { user, system } = process.cpuUsage(before);
      if (round >= warmUp) processor[side]!.push((user + system) / 1e6);
      return seconds;
    }),
    { ...run, rounds, warmUp, what: "with and without metrics" },
  );
  const added = (to: readonly number[], from: readonly number[]) => {
    const { median, low, high } = pairedRatio(to, from);
    return { median: median - 1, low: low - 1, high: high - 1 };
  };
  const time = added(watched!, unwatched!);
  const processorTime = added(processor[0]!, processor[1]!);
  const rate = (seconds: readonly number[]) =>
    withSpread(spreadOf(seconds.map((one) => (IN_FLIGHT * GOALS.batchSize) / one)), formatCount);
  const row = (of: string, value: typeof time) => [
    of,
    withSpread(value, signedShare),
    `± ${(100 * doubtOf(value, rounds)).toFixed(1)} %`,
    `at most ${signedShare(ENGINE_GOALS.observing)}`,
    verdictInDoubt(value.median, doubtOf(value, rounds), ENGINE_GOALS.observing),
  ];
  return {
    part: "observing",
    title: "With and without metrics",
    how: [
      "The pipeline in this process with the exporter's observers of batches, messages and " +
        `attributions, and with observers that do nothing, in ${rounds} pairs on the same workers. ` +
        "Processor time is that of all threads, which other programs on the machine disturb less.",
    ],
    tables: [
      {
        head: ["added by metrics to", "median of pairs", "known to", "goal", "verdict"],
        rows: [row("time", time), row("processor time", processorTime)],
      },
    ],
    conclusions: [`With metrics ${rate(watched!)} messages/s, without ${rate(unwatched!)}.`],
    figures: {
      seconds: { watched, unwatched },
      processorSeconds: { watched: processor[0], unwatched: processor[1] },
      added: { time, processorTime },
    },
  };
}

function signedShare(share: number): string {
  return `${share < 0 ? "-" : "+"}${(100 * Math.abs(share)).toFixed(1)} %`;
}
