import { setTimeout as sleep } from "node:timers/promises";
import { GOALS } from "@headroom/alerts/goals";
import { formatCount, formatShare } from "@headroom/loadtest/report/format";
import { startScorers } from "../../src/engine/scorers.ts";
import { startLoad, startSentimentExporter } from "./http.ts";
import {
  extrapolation,
  loadsOf,
  readThreadTimes,
  saturatesFirst,
  sharesBetween,
  type SaturatedRun,
} from "./processor-time.ts";
import type { BenchRun } from "./run.ts";
import { bar, type Section } from "./section.ts";
import { IN_FLIGHT } from "./workload.ts";

/** For each round that was asked for; the system counts processor time in hundredths of a second. */
const SECONDS_A_ROUND = 0.5;
const LEAST_SECONDS = 1;
const SETTLE_MS = 1_000;

/** Characters of a full bar. */
const BAR = 20;

/** Where the processor time goes when nothing more is answered, and what that means for more cores. */
export async function saturation(run: BenchRun): Promise<Section> {
  const saturated = await saturate(run);
  const how =
    `A client sends batches of ${GOALS.batchSize} over ${IN_FLIGHT} connections, with prefix ` +
    "attributions, past the cache; the next one follows each answer. Processor time, of programs and " +
    "of the system for them, is read of each thread before and after.";
  const base = { part: "saturation", title: "What saturates first", how: [how] };
  if (saturated === undefined) {
    const absent = "not here: only Linux tells the processor time of another program's threads";
    return { ...base, tables: [], conclusions: [absent], figures: {} };
  }
  const { seconds, messages } = saturated;
  const rows = loadsOf(saturated).map(({ what, processorSeconds, busy }) => [
    what,
    `${((1e6 * processorSeconds) / messages).toFixed(1)} µs`,
    ...(busy === undefined ? ["-", ""] : [formatShare(busy), bar(busy, 1, BAR)]),
  ]);
  const title = `${formatCount(messages / seconds)} messages/s for ${seconds.toFixed(1)} s`;
  return {
    ...base,
    tables: [{ title, head: ["thread", "a message", "of one core", ""], rows }],
    conclusions: [saturatesFirst(saturated), ...extrapolation(saturated)],
    figures: { ...saturated },
  };
}

async function saturate(run: BenchRun): Promise<SaturatedRun | undefined> {
  const { config, rounds, machine, tell, signal } = run;
  await using exporter = await startSentimentExporter(signal);
  // The exporter does not tell how many workers it has; in this process it would have as many.
  const scorers = await startScorers(config);
  await Promise.all(scorers.map((scorer) => scorer.close()));
  await using load = await startLoad(exporter.url);
  tell("saturating the exporter");
  await sleep(SETTLE_MS, undefined, { signal });
  const before = readThreadTimes(exporter.pid);
  const client = process.cpuUsage();
  const [from, since] = [load.answered, performance.now()];
  await sleep(1_000 * Math.max(LEAST_SECONDS, rounds * SECONDS_A_ROUND), undefined, { signal });
  const { user, system } = process.cpuUsage(client);
  const after = readThreadTimes(exporter.pid);
  if (!before || !after) return undefined;
  return {
    seconds: (performance.now() - since) / 1_000,
    messages: load.answered - from,
    cores: machine.cores,
    threads: sharesBetween(before, after, { pid: exporter.pid, workers: scorers.length }),
    client: (user + system) / 1e6,
  };
}
