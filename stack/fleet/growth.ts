import { GOALS } from "@headroom/alerts/goals";
import { formatBytes, formatCount } from "@headroom/loadtest/report/format";
import { type Costs, measureCosts } from "./costs.ts";
import type { Trial } from "./trial.ts";
import { type Watched, watchExporters } from "./watched.ts";

/** What was measured of a fleet, from which larger ones are foretold. */
export interface Growth {
  readonly costs: Costs;
  /** By a smaller and a larger number of exporters. */
  readonly watched: readonly [Watched, Watched];
}

/** So many exporters are played to a Prometheus; the difference of the two is the slope. */
const EXPORTERS = [10, 100] as const;
const FORETOLD = [10, 100, 1000] as const;

/** As the committed configuration scrapes and evaluates. */
const INTERVAL_SECONDS = 5;

/**
 * Measures what one more exporter costs each part of a fleet.
 *
 * @throws Error when a part does not start, or the signal's reason
 */
export async function measureGrowth(trial: Trial): Promise<Growth> {
  const { activity } = trial.session;
  const costs = await activity("two exporters under load", () => measureCosts(trial));
  const watch = (count: number) =>
    activity(`a Prometheus with ${count} exporters`, () =>
      watchExporters(count, costs.scrapes, trial),
    );
  return { costs, watched: [await watch(EXPORTERS[0]), await watch(EXPORTERS[1])] };
}

/** Dashboards that show many exporters at once. */
const FOR_ALL = ["headroom-overview", "headroom-fleet"];

/** Something that grows with a fleet. */
interface Grows {
  readonly what: string;
  /** Of a fleet of so many exporters. */
  readonly of: (exporters: number) => number;
  readonly inWords: (value: number) => string;
  /** What it may be at most, and what is done when it is reached. */
  readonly stops: (reached: string) => string;
  readonly most?: number;
}

/** The head, and a line for each thing that grows. */
export function growthTable(growth: Growth): readonly (readonly string[])[] {
  return [
    ["What grows", ...FORETOLD.map((count) => `${formatCount(count)} exporters`), "Where it stops"],
    ...grows(growth).map(({ what, of, inWords, stops, most }) => [
      what,
      ...FORETOLD.map((count) => inWords(of(count))),
      stops(most === undefined ? "" : `at ${formatCount(firstOver(of, most))} exporters`),
    ]),
  ];
}

/** The fleet for which a value that grows evenly passes `most`. */
function firstOver(of: Grows["of"], most: number): number {
  const slope = of(1000) - of(999);
  return Math.max(1, Math.floor(1000 + (most - of(1000)) / slope));
}

function grows({ costs, watched }: Growth): readonly Grows[] {
  const { redis, balancerSeconds, webhookSeconds, scrapeBytes } = costs;
  const { messagesPerSecond } = GOALS;
  const along = (value: (one: Watched) => number) => line(watched, value);
  const series = along((one) => one.series);
  const rules = along((one) => one.slowestGroup.seconds);
  const memory = along((one) => one.bytes);
  const [, many] = watched;
  const dashboards = FOR_ALL.filter((uid) => many.read.has(uid)).map((uid) => ({
    uid,
    of: along((one) => one.read.get(uid)!),
  }));
  return [
    {
      what: `HAProxy's thread, at ${messagesPerSecond} requests a second each`,
      of: (count) => count * messagesPerSecond * balancerSeconds,
      inWords: cores,
      most: 1,
      stops: (reached) =>
        `one thread is full ${reached}: \`nbthread\`, then DNS or a layer-4 balancer before`,
    },
    {
      what: `Redis commands a second, at ${messagesPerSecond} messages a second each that memory does not know`,
      of: (count) => count * messagesPerSecond * redis.commands,
      inWords: formatCount,
      most: 1 / redis.seconds,
      stops: (reached) =>
        `its only thread is full ${reached} (${micro(redis.seconds)} a command): one Redis a group of exporters`,
    },
    {
      what: "series in Prometheus, with what the rules record",
      of: series,
      inWords: formatCount,
      stops: () => "by memory, the next line",
    },
    {
      what: "memory of Prometheus, two hours' head not yet full",
      of: memory,
      inWords: formatBytes,
      most: 32e9,
      stops: (reached) => `a machine of 32 GB ${reached}: shards by \`hashmod\` of the instance`,
    },
    {
      what: `bytes scraped a second, every ${INTERVAL_SECONDS} s`,
      of: (count) => (count * scrapeBytes) / INTERVAL_SECONDS,
      inWords: kilobytes,
      most: 1e9 / 8,
      stops: (reached) =>
        `a network of 1 Gbit/s ${reached}: scrape every 15 s, and set the window to 3m`,
    },
    {
      what: "processor of Prometheus, for scrapes and rules",
      of: along((one) => one.cores),
      inWords: cores,
      most: 16,
      stops: (reached) => `a machine of 16 cores ${reached}: shards again`,
    },
    {
      what: `slowest rule group (${many.slowestGroup.name}), of ${INTERVAL_SECONDS} s`,
      of: rules,
      inWords: milli,
      most: INTERVAL_SECONDS,
      stops: (reached) =>
        `an evaluation outlasts its interval ${reached}: shards again, each with its rules`,
    },
    {
      what: "webhooks when one trouble befalls all, and how long the incidents process takes for them",
      of: (count) => count * webhookSeconds,
      inWords: (seconds) => `${formatCount(seconds / webhookSeconds)} in ${seconds.toFixed(1)} s`,
      most: 30,
      stops: (reached) =>
        `longer than \`group_interval\` ${reached}: group by \`alertname\` alone, up to 500 exporters a notification`,
    },
    ...dashboards.map(({ uid, of }) => ({
      what: `samples that an hour of \`${uid}\` reads`,
      of,
      inWords: formatCount,
      stops: () =>
        "with the patience of who waits: `headroom-fleet` reads what is recorded of all together",
    })),
  ];
}

/** The line through two measured values. */
function line([few, many]: Growth["watched"], value: (one: Watched) => number): Grows["of"] {
  const slope = (value(many) - value(few)) / (many.exporters - few.exporters);
  return (count) => Math.max(0, value(few) + slope * (count - few.exporters));
}

const cores = (value: number): string => `${value.toFixed(2)} cores`;
const kilobytes = (bytes: number): string => `${formatCount(bytes / 1e3)} kB`;
const milli = (seconds: number): string => `${(1000 * seconds).toFixed(1)} ms`;
const micro = (seconds: number): string => `${(1e6 * seconds).toFixed(1)} µs`;

/** What was measured, as a table: the head, and a line for each figure. */
export function measuredTable({ costs, watched }: Growth): readonly (readonly string[])[] {
  const { redis, balancerSeconds, webhookSeconds, series, scrapeBytes } = costs;
  const both = (words: (one: Watched) => string) => watched.map(words);
  return [
    ["Measured", ...both(({ exporters }) => `${exporters} exporters`)],
    ["series", ...both((one) => formatCount(one.series))],
    ["samples a second", ...both((one) => formatCount(one.samplesPerSecond))],
    ["memory of Prometheus", ...both((one) => formatBytes(one.bytes))],
    ["processor of Prometheus", ...both((one) => cores(one.cores))],
    ["all rules, one evaluation", ...both((one) => milli(one.ruleSeconds))],
    [
      "slowest group",
      ...both((one) => `${one.slowestGroup.name}, ${milli(one.slowestGroup.seconds)}`),
    ],
    ...FOR_ALL.filter((uid) => watched[1].read.has(uid)).map((uid) => [
      `samples for an hour of ${uid}`,
      ...both((one) => formatCount(one.read.get(uid)!)),
    ]),
    ["one exporter's metrics", `${formatCount(series)} series`, kilobytes(scrapeBytes)],
    ["Redis, a message", `${redis.commands.toFixed(2)} commands`, `${micro(redis.seconds)} each`],
    ["HAProxy, a request", micro(balancerSeconds), ""],
    ["incidents, a webhook", milli(webhookSeconds), ""],
  ];
}
