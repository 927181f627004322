import { setTimeout as sleep } from "node:timers/promises";
import { ENGINE_GOALS } from "@headroom/alerts/bench-bounds";
import { GOALS } from "@headroom/alerts/goals";
import { formatCount, formatSeconds } from "@headroom/loadtest/report/format";
import { LeanConnection, SCRAPE, startLoad, startSentimentExporter } from "./http.ts";
import { secondsOf, type BenchRun } from "./run.ts";
import { verdict, type Section } from "./section.ts";
import { quantile } from "./spread.ts";

/** Scrapes for each round that was asked for, and the time between two. */
const SCRAPES_A_ROUND = 3;
const PAUSE_MS = 100;

/** How long the load works before it is scraped. */
const SETTLE_MS = 1_000;

/** How long `GET /metrics` takes without load, at the goal's rate, and when nothing more is answered. */
export async function scrape({ rounds, signal, tell }: BenchRun): Promise<Section> {
  const scrapes = rounds * SCRAPES_A_ROUND;
  await using exporter = await startSentimentExporter(signal);
  using opened = new DisposableStack();
  const connection = opened.adopt(await LeanConnection.open(exporter.url), (one) => one.close());

  const measure = async (what: string) => {
    const seconds: number[] = [];
    for (let i = 0; i < scrapes; i++) {
      tell(`scrapes ${what}`, i, scrapes);
      await sleep(PAUSE_MS, undefined, { signal });
      seconds.push(await secondsOf(() => connection.ask(SCRAPE)));
    }
    return seconds;
  };
  const underLoad = async (what: string, perSecond?: number) => {
    await using load = await startLoad(exporter.url, perSecond);
    await sleep(SETTLE_MS, undefined, { signal });
    const [from, since] = [load.answered, performance.now()];
    const seconds = await measure(what);
    return { seconds, rate: (1_000 * (load.answered - from)) / (performance.now() - since) };
  };
  // Once untold: the first one compiles.
  await connection.ask(SCRAPE);
  const measured = [
    { load: "none", seconds: await measure("without load"), rate: 0 },
    {
      load: "the goal's rate",
      ...(await underLoad("at the goal's rate", GOALS.messagesPerSecond)),
    },
    { load: "saturation", ...(await underLoad("at saturation")) },
  ];
  return {
    part: "scrape",
    title: "A scrape under load",
    how: [
      `GET /metrics of an exporter in its own process, ${scrapes} times with ${PAUSE_MS} ms between, ` +
        `while a client sends batches of ${GOALS.batchSize}. At saturation a scrape also waits for the ` +
        "batches that the main thread works on.",
    ],
    tables: [
      {
        head: ["load", "messages/s", "median", "P95", "goal", "verdict"],
        rows: measured.map(({ load, seconds, rate }) => [
          load,
          formatCount(rate),
          formatSeconds(quantile(seconds, 0.5)),
          formatSeconds(quantile(seconds, 0.95)),
          `at most ${formatSeconds(ENGINE_GOALS.scrapeSeconds)}`,
          verdict(quantile(seconds, 0.5) <= ENGINE_GOALS.scrapeSeconds),
        ]),
      },
    ],
    conclusions: ["The verdict is on the median."],
    figures: { measured },
  };
}
