import { perSecond, quantile, series } from "./expressions.ts";
import type { Graph } from "./graphs.ts";
import { JOB } from "./instance.ts";
import { questions } from "./query.ts";
import { RECORDED } from "./recorded.ts";
import { MEMORY, QUEUE } from "./shared-graphs.ts";

const SATURATION: readonly Graph[] = [
  QUEUE,
  {
    title: "Refused requests",
    description:
      "Requests a second over the last minute that were refused because the queue was full.",
    unit: "reqps",
    questions: questions(
      [
        perSecond("sentiment_requests_total", "instance", 'outcome="refused"'),
        "sentiment, {{instance}}",
      ],
      [perSecond("status_requests_total", "instance", 'outcome="refused"'), "status, {{instance}}"],
    ),
  },
  {
    title: "Delay of the event loop",
    description: "Seconds by which a timer of the exporter ran late over the last minute.",
    unit: "s",
    questions: questions(
      [quantile(0.5, "nodejs_eventloop_delay_seconds", "instance", JOB), "P50, {{instance}}"],
      [quantile(0.99, "nodejs_eventloop_delay_seconds", "instance", JOB), "P99, {{instance}}"],
    ),
  },
];

const CACHE: readonly Graph[] = [
  {
    title: "Cache lookups and writes that failed",
    description:
      "Lookups a second over the last minute that a tier did not answer in time, each a miss for " +
      "whoever asked, and answers that it did not store. Many mean that Redis is away; writes alone, " +
      "that it is full or a replica.",
    unit: "ops",
    questions: questions(
      [
        perSecond("cache_requests_total", "cache, tier", 'result="error"'),
        "lookups, {{cache}} in {{tier}}",
      ],
      [
        perSecond("cache_writes_total", "cache, tier", 'result="dropped"'),
        "writes, {{cache}} in {{tier}}",
      ],
    ),
  },
  {
    title: "Answers in the cache",
    description:
      "Number of answers that each cache tier holds. The caches share Redis, where it is all keys of " +
      "the database.",
    unit: "short",
    questions: questions([series("cache_entries"), "{{cache}} in {{tier}}, {{instance}}"]),
  },
];

const PROCESS: readonly Graph[] = [
  {
    title: "Age of the process",
    description: "Seconds since the exporter began; it falls to 0 at each restart.",
    unit: "s",
    questions: questions([`time() - ${series("process_start_time_seconds", JOB)}`, "{{instance}}"]),
  },
  {
    title: "Scrapes of the exporter",
    description: "Seconds that Prometheus needs to read the exporter's metrics.",
    unit: "s",
    questions: questions([series("scrape_duration_seconds", JOB), "{{instance}}"]),
  },
];

/** The graphs of the operations dashboard, in rows. */
export const OPERATIONS_GRAPHS: readonly (readonly Graph[])[] = [
  [
    {
      title: "Alerts over time",
      description: "Number of Headroom's alerts that are pending or firing, by name.",
      unit: "short",
      questions: questions([
        `count by (alertname, alertstate) (${series("ALERTS", 'alertname=~"Headroom.*"')})`,
        "{{alertname}}, {{alertstate}}",
      ]),
    },
  ],
  SATURATION,
  [
    MEMORY,
    {
      title: "Capacity used by scope",
      description: "Share of each scope's own capacity that is in use.",
      unit: "percentunit",
      questions: questions([series(RECORDED.memoryShare), "{{scope}}, {{instance}}"]),
    },
  ],
  [...CACHE, ...PROCESS],
];
