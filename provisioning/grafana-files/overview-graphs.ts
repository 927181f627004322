import { series } from "./expressions.ts";
import type { Graph } from "./graphs.ts";
import { K6_SENTIMENT_P95 } from "./k6.ts";
import { questions } from "./query.ts";
import { RECORDED } from "./recorded.ts";
import { MEMORY, QUEUE, THROUGHPUT } from "./shared-graphs.ts";

/** The graphs of the overview, in rows. */
export const OVERVIEW_GRAPHS: readonly (readonly Graph[])[] = [
  [
    THROUGHPUT,
    MEMORY,
    {
      title: "Requests that were not answered",
      description:
        "Requests a second over the last minute, by how they ended. Server errors, refusals and " +
        "missed deadlines count as errors; what the client got wrong or broke off does not.",
      unit: "reqps",
      questions: questions([
        `sum by (outcome) (${series(RECORDED.requests, 'outcome!="ok"')})`,
        "{{outcome}}",
      ]),
    },
  ],
  [
    {
      title: "Cache hits",
      description:
        "Share of the looked-up answers of the last minute that a cache tier held. Redis is only " +
        "asked for what memory did not hold.",
      unit: "percentunit",
      questions: questions([series(RECORDED.cacheHits), "{{cache}} in {{tier}}, {{instance}}"]),
    },
    QUEUE,
    {
      title: "Latency as k6 and the exporter see it",
      description:
        "Seconds, P95, of answers and missed deadlines. The exporter's covers the last minute and lies " +
        "between bucket edges; k6's covers its run from the beginning, and the way between them. k6 " +
        "has values while a load run writes to this Prometheus.",
      unit: "s",
      questions: questions(
        [`max(${series(RECORDED.p95)})`, "exporter", "latency"],
        [`max(${K6_SENTIMENT_P95})`, "k6"],
      ),
    },
  ],
];
