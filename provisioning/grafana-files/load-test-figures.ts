import { WINDOW } from "./expressions.ts";
import type { Figure } from "./figures.ts";
import { K6_ALL_USERS, K6_CHECKS, K6_ERRORS, K6_REQUESTS, K6_SENTIMENT_P95 } from "./k6.ts";
import { MESSAGES_A_SECOND } from "./shared-figures.ts";
import { ERRORS } from "./words.ts";

const NO_RUN = "no load run";

const rate = (counter: string): string => `sum(rate(${counter}[${WINDOW}]))`;

/** The numbers of the load test dashboard; k6 has values while a run writes to this Prometheus. */
export const LOAD_FIGURES: readonly Figure[] = [
  {
    title: "Virtual users",
    description: "Number of k6's virtual users that are ready or at work.",
    expr: `sum(${K6_ALL_USERS})`,
    noValue: NO_RUN,
    unit: "none",
    decimals: 0,
  },
  {
    title: "Requests of k6",
    description: "Requests a second over the last minute that k6 has an answer to.",
    expr: rate(K6_REQUESTS),
    unit: "reqps",
    noValue: NO_RUN,
  },
  MESSAGES_A_SECOND,
  {
    title: "Latency of k6, P95",
    description:
      "Seconds, P95 of the sentiment requests that were answered or missed their deadline, as k6 " +
      "measured them since its run began.",
    expr: `max(${K6_SENTIMENT_P95})`,
    unit: "s",
    noValue: NO_RUN,
    limit: "latency_p95",
  },
  {
    title: "Failures of k6",
    description: `Since k6's run began: ${ERRORS}; of the kind of request that fails most.`,
    expr: `max(${K6_ERRORS})`,
    unit: "percentunit",
    noValue: NO_RUN,
    limit: "error_ratio",
  },
  {
    title: "Checks passed",
    description: "Share of the answers since k6's run began that passed the check that fails most.",
    expr: `min(${K6_CHECKS})`,
    unit: "percentunit",
    noValue: NO_RUN,
  },
];
