import { ENGINE_GOALS } from "@headroom/alerts/bench-bounds";
import { GOALS } from "@headroom/alerts/goals";
import { formatCount } from "@headroom/loadtest/report/format";
import { createMetrics } from "../../../src/metrics/metrics.ts";
import type { Analyser } from "../../../src/sentiment/analyser.ts";
import { closingAll, warmUpOf, type BenchRun } from "../bench-run.ts";
import type { Section } from "../figures/section.ts";
import { doubtOf, pairedRatio, spreadOf, withSpread, type Spread } from "../figures/spread.ts";
import { verdictInDoubt } from "../goals.ts";
import { inTurn, secondsOf } from "../in-turn.ts";
import { batchesOf } from "../messages.ts";
import { analyseAll, IN_FLIGHT, NOBODY, startPipeline } from "../pipeline.ts";

/** Pairs for each round that was asked for: a difference of a hundredth needs many. */
const PAIRS_A_ROUND = 5;

/** What it costs that batches, messages and attributions are observed by the exporter's metrics. */
export function observing(run: BenchRun): Promise<Section> {
  return closingAll(async (keep) => {
    const pipeline = keep(await startPipeline(run.config));
    const metrics = createMetrics({ version: "bench" });
    keep({ close: async () => metrics.close() });
    const rounds = run.rounds * PAIRS_A_ROUND;
    const warmUp = warmUpOf(run.rounds);
    const sides = [pipeline.observedBy(metrics), pipeline.observedBy(NOBODY)];
    const processor = sides.map((): number[] => []);
    const [watched, unwatched] = await inTurn(
      sides.map((analyser, side) => ({
        name: ["with", "without"][side]!,
        measure: async (round) => {
          const { seconds, processorSeconds } = await timesOf(analyser, round);
          if (round >= warmUp) processor[side]!.push(processorSeconds);
          return seconds;
        },
      })),
      { ...run, rounds, warmUp, what: "with and without metrics" },
    );
    const wall = added(pairedRatio(watched!, unwatched!));
    const used = added(pairedRatio(processor[0]!, processor[1]!));
    const rate = (seconds: readonly number[]) =>
      withSpread(spreadOf(seconds.map((one) => (IN_FLIGHT * GOALS.batchSize) / one)), formatCount);
    const row = (of: string, value: Spread) => [
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
          rows: [row("time", wall), row("processor time", used)],
        },
      ],
      conclusions: [`With metrics ${rate(watched!)} messages/s, without ${rate(unwatched!)}.`],
      figures: {
        seconds: { watched, unwatched },
        processorSeconds: { watched: processor[0], unwatched: processor[1] },
        added: { time: wall, processorTime: used },
      },
    };
  });
}

async function timesOf(analyser: Analyser, round: number) {
  const batches = batchesOf(round, IN_FLIGHT, GOALS.batchSize);
  const before = process.cpuUsage();
  const seconds = await secondsOf(() => analyseAll(analyser, batches, {}));
  const { user, system } = process.cpuUsage(before);
  return { seconds, processorSeconds: (user + system) / 1e6 };
}

function added({ median, low, high }: Spread): Spread {
  return { median: median - 1, low: low - 1, high: high - 1 };
}

function signedShare(share: number): string {
  return `${share < 0 ? "-" : "+"}${(100 * Math.abs(share)).toFixed(1)} %`;
}
