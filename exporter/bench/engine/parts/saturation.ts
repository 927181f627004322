import { setTimeout as sleep } from "node:timers/promises";
import { GOALS } from "@headroom/alerts/goals";
import { formatCount, formatShare } from "@headroom/loadtest/report/format";
import type { Config } from "../../../src/config.ts";
import { startScorers } from "../../../src/engine/scorers.ts";
import { closingAll, type BenchRun } from "../bench-run.ts";
import { bar } from "../figures/bars.ts";
import { extrapolation } from "../figures/extrapolation.ts";
import { loadsOf, saturatesFirst, type SaturatedRun } from "../figures/saturation.ts";
import type { Section } from "../figures/section.ts";
import { readThreadTimes, sharesBetween } from "../figures/thread-times.ts";
import { startSentimentExporter } from "../http/exporter.ts";
import { startLoad } from "../http/steady-load.ts";
import { IN_FLIGHT } from "../pipeline.ts";

/** For each round that was asked for; the system counts processor time in hundredths of a second. */
const SECONDS_A_ROUND = 0.5;
const LEAST_SECONDS = 1;
const SETTLE_MS = 1_000;

/** Characters of a full bar. */
const BAR = 20;

/** Where the processor time goes when nothing more is answered, and what that means for more cores. */
export function saturation(run: BenchRun): Promise<Section> {
  return closingAll(async (keep) => {
    const exporter = await startSentimentExporter(run.signal);
    keep({ close: () => exporter.stop() });
    const workers = await workersOf(run.config);
    const saturated = await saturate(run, exporter, workers);
    const how =
      `A client sends batches of ${GOALS.batchSize} over ${IN_FLIGHT} connections, with prefix ` +
      "attributions, past the cache; the next one follows each answer. Processor time, of programs and " +
      "of the system for them, is read of each thread before and after.";
    const base = { part: "saturation", title: "What saturates first", how: [how] };
    if (saturated === undefined) {
      const conclusions = [
        "not here: only Linux tells the processor time of another program's threads",
      ];
      return { ...base, tables: [], conclusions, figures: {} };
    }
    const { seconds, messages } = saturated;
    const rows = loadsOf(saturated).map(({ what, processorSeconds, busy }) => [
      what,
      `${((1e6 * processorSeconds) / messages).toFixed(1)} µs`,
      busy === undefined ? "-" : formatShare(busy),
      busy === undefined ? "" : bar(busy, 1, BAR),
    ]);
    return {
      ...base,
      tables: [
        {
          title: `${formatCount(messages / seconds)} messages/s for ${seconds.toFixed(1)} s`,
          head: ["thread", "a message", "of one core", ""],
          rows,
        },
      ],
      conclusions: [saturatesFirst(saturated), ...extrapolation(saturated)],
      figures: { ...saturated },
    };
  });
}

/** The exporter does not tell how many workers it has; in this process it would have as many. */
async function workersOf(config: Config): Promise<number> {
  const scorers = await startScorers(config);
  await Promise.all(scorers.map((scorer) => scorer.close()));
  return scorers.length;
}

async function saturate(
  { rounds, machine, tell, signal }: BenchRun,
  { url, pid }: { readonly url: string; readonly pid: number },
  workers: number,
): Promise<SaturatedRun | undefined> {
  const load = await startLoad(url);
  try {
    tell("saturating the exporter");
    await sleep(SETTLE_MS, undefined, { signal });
    const [before, client, from, since] = [
      readThreadTimes(pid),
      process.cpuUsage(),
      load.answered,
      performance.now(),
    ];
    const most = Math.max(LEAST_SECONDS, rounds * SECONDS_A_ROUND);
    await sleep(1_000 * most, undefined, { signal });
    const { user, system } = process.cpuUsage(client);
    const after = readThreadTimes(pid);
    if (!before || !after) return undefined;
    return {
      seconds: (performance.now() - since) / 1_000,
      messages: load.answered - from,
      cores: machine.cores,
      threads: sharesBetween(before, after, { pid, workers }),
      client: (user + system) / 1e6,
    };
  } finally {
    await load.stop();
  }
}
