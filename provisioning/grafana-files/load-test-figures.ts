import { share } from "../../alerts/rules/measures.ts";
import { WINDOW } from "./expressions.ts";
import type { Figure } from "./figures.ts";
import { K6_FAILED, K6_REQUESTS, K6_SENTIMENT_P95 } from "./k6.ts";
import { MESSAGES_A_SECOND } from "./shared-figures.ts";

const rate = (counter: string): string => `sum(rate(${counter}[${WINDOW}]))`;

/** The numbers of the load test dashboard; k6 has values while a run writes to this Prometheus. */
export const LOAD_FIGURES: readonly Figure[] = [
  {
    title: "Virtual users",
    description: "Number of k6's virtual users that are ready or at work.",
    expr: "sum(k6_vus_max)",
    unit: "none",
    decimals: 0,
  },
  {
    title: "Requests of k6",
    description: "Requests a second over the last minute that k6 has an answer to.",
    expr: rate(K6_REQUESTS),
    unit: "reqps",
  },
  MESSAGES_A_SECOND,
  {
    title: "Latency of k6, P95",
    description:
      "Seconds within which 95 % of the sentiment requests that succeeded were answered, as k6 " +
      "measured them since its run began.",
    expr: `max(${K6_SENTIMENT_P95})`,
    unit: "s",
    limit: "latency_p95",
  },
  {
    title: "Failures of k6",
    description: "Share of k6's requests of the last minute without the expected answer.",
    expr: share(rate(K6_FAILED), rate(K6_REQUESTS)),
    unit: "percentunit",
    limit: "error_ratio",
  },
  {
    title: "Checks passed",
    description: "Share of the answers since k6's run began that passed the check that fails most.",
    expr: "min(k6_checks_rate)",
    unit: "percentunit",
  },
];
