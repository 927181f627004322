import { series } from "./expressions.ts";
import type { Figure } from "./figures.ts";
import { RECORDED } from "./recorded.ts";
import type { Runbook } from "./runbooks.ts";
import { alertsFiring, MESSAGES_A_SECOND } from "./shared-figures.ts";

/** The numbers of the overview, in the order in which they are shown. */
export function overviewFigures(runbooks: readonly Runbook[]): readonly Figure[] {
  return [
    alertsFiring(runbooks),
    MESSAGES_A_SECOND,
    {
      title: "Latency, P95",
      description:
        "Seconds within which 95 % of the requests of the last minute were answered, queueing and " +
        "cache hits included; of the slowest exporter.",
      expr: `max(${series(RECORDED.p95)})`,
      unit: "s",
      limit: "latency_p95",
    },
    {
      title: "Memory of the process",
      description:
        "Bytes that are resident in the exporter's processes, models included; of the largest one.",
      expr: `max(${series("headroom_memory_used_bytes", 'scope="process"')})`,
      unit: "decbytes",
      limit: "memory",
    },
    {
      title: "Errors",
      description:
        "Share of the requests of the last minute that ended in a server error or missed their " +
        "deadline; of the worst exporter.",
      expr: `max(${series(RECORDED.errors)})`,
      unit: "percentunit",
      limit: "error_ratio",
    },
    {
      title: "Answered from the cache",
      description: "Share of the messages of the last minute that a cache answered, and no model.",
      expr: `sum(${series(RECORDED.messages, 'source="cache"')}) / sum(${series(RECORDED.messages)})`,
      unit: "percentunit",
    },
  ];
}
