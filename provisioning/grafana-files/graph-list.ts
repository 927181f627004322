import { INSTANCE } from "./instance.ts";
import { RECORDED } from "./lane-queries.ts";
import type { Question } from "./query.ts";

/** What one graph shows. */
export interface Graph {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly questions: readonly Question[];
  /** The limit whose lines are drawn. */
  readonly limit?: string;
  /** Whether the axis reaches up to the limit. */
  readonly showsLimit?: true;
}

const one = (expr: string, legend: string): readonly Question[] => [{ refId: "A", expr, legend }];

/** The graphs, in the order in which they are shown. */
export function graphsOf(): readonly Graph[] {
  return [
    {
      title: "Latency, P95",
      description:
        "Seconds within which 95 % of the requests of the last minute were answered, queueing and " +
        "cache hits included. The lines are the limits.",
      unit: "s",
      questions: one(`${RECORDED.p95}{${INSTANCE}}`, "{{instance}}"),
      limit: "latency_p95",
      showsLimit: true,
    },
    {
      title: "Throughput",
      description: "Messages answered a second over the last minute, by what answered them.",
      unit: "short",
      questions: one(`sum by (source) (${RECORDED.messages}{${INSTANCE}})`, "{{source}}"),
    },
    {
      title: "Memory by scope",
      description:
        "Bytes in use. Process is resident and contains model, chat and cache; system is the whole " +
        "machine. The lines are the limits, which hold for process and system.",
      unit: "decbytes",
      questions: one(`headroom_memory_used_bytes{${INSTANCE}}`, "{{scope}}, {{instance}}"),
      limit: "memory",
    },
    {
      title: "Requests that were not answered",
      description:
        "Requests a second over the last minute, by how they ended. Server errors and missed " +
        "deadlines count as errors; refusals are the protection against overload at work.",
      unit: "reqps",
      questions: one(
        `sum by (outcome) (${RECORDED.requests}{outcome!="ok", ${INSTANCE}})`,
        "{{outcome}}",
      ),
    },
    {
      title: "Cache hits",
      description:
        "Share of the looked-up answers of the last minute that a cache tier held. Redis is only " +
        "asked for what memory did not hold.",
      unit: "percentunit",
      questions: one(`${RECORDED.cacheHits}{${INSTANCE}}`, "{{cache}} in {{tier}}, {{instance}}"),
    },
    {
      title: "Queue",
      description: "Number of messages and of status questions that wait for a model.",
      unit: "short",
      questions: [
        {
          refId: "A",
          expr: `headroom_queue_depth{${INSTANCE}}`,
          legend: "messages, {{instance}}",
        },
        {
          refId: "B",
          expr: `status_queue_depth{${INSTANCE}}`,
          legend: "status questions, {{instance}}",
        },
      ],
    },
    {
      title: "Latency as k6 and the exporter see it",
      description:
        "Seconds, P95. The exporter's covers the last minute and lies between bucket edges; k6's covers " +
        "its run from the beginning, only what succeeded, and the way between them. k6 has values " +
        "while a load run writes to this Prometheus.",
      unit: "s",
      questions: [
        {
          refId: "A",
          expr: `max(${RECORDED.p95}{${INSTANCE}})`,
          legend: "exporter",
        },
        {
          refId: "B",
          expr: 'max(k6_http_req_duration_p95{name="POST /v1/sentiment", expected_response="true"})',
          legend: "k6",
        },
      ],
    },
  ];
}
