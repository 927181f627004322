import { perSecond, series, WINDOW } from "./expressions.ts";
import type { Graph } from "./graphs.ts";
import { JOB } from "./instance.ts";
import {
  K6_ALL_USERS,
  K6_CHECKS,
  K6_ERRORS,
  K6_REQUESTS,
  K6_SENTIMENT_P95,
  K6_STATUS_P95,
  K6_USERS,
} from "./k6.ts";
import { questions } from "./query.ts";
import { RECORDED } from "./recorded.ts";
import { MEMORY } from "./shared-graphs.ts";
import { ERRORS, TIMED } from "./words.ts";

const k6Rate = (counter: string, by: string): string =>
  `sum by (${by}) (rate(${counter}[${WINDOW}]))`;

/** The two P95s of each kind of request: as k6 sees it, and as the exporter does. */
export const BOTH_SIDES: readonly (readonly Graph[])[] = [
  [
    {
      title: "Latency as k6 sees it, P95",
      description:
        "Seconds of sentiment requests since the run began, with the way between k6 and the exporter. " +
        TIMED,
      unit: "s",
      questions: questions([`max(${K6_SENTIMENT_P95})`, "k6"]),
      limit: "latency_p95",
      showsLimit: true,
    },
    {
      title: "Latency as the exporter sees it, P95",
      description: `Seconds of sentiment requests of the last minute, from acceptance to the last byte. ${TIMED}`,
      unit: "s",
      questions: questions([series(RECORDED.p95), "{{instance}}", "latency"]),
      limit: "latency_p95",
      showsLimit: true,
    },
  ],
  [
    {
      title: "Status answers as k6 sees them, P95",
      description:
        "Seconds since the run began, by analysis, of answers and missed deadlines. Each has a target " +
        "of its own, which the dashboard of status analyses draws.",
      unit: "s",
      questions: questions([`max by (analysis) (${K6_STATUS_P95})`, "{{analysis}}"]),
    },
    {
      title: "Status answers as the exporter sees them, P95",
      description: "Seconds of the last minute, by analysis, from acceptance to the last byte.",
      unit: "s",
      questions: questions([series(RECORDED.statusP95), "{{scenario}}, {{instance}}", "status"]),
    },
  ],
];

/** The other graphs of the load test dashboard, in rows. */
export const LOAD_GRAPHS: readonly (readonly Graph[])[] = [
  [
    {
      title: "Requests a second",
      description:
        "Requests a second over the last minute: those that k6 has an answer to, and those that " +
        "the exporter ended. The exporter also counts what others send.",
      unit: "reqps",
      questions: questions(
        [k6Rate(K6_REQUESTS, "name"), "k6, {{name}}"],
        [perSecond("sentiment_requests_total", ""), "exporter, POST /v1/sentiment"],
        [perSecond("status_requests_total", ""), "exporter, POST /v1/status"],
      ),
    },
    {
      title: "Errors",
      description:
        `A share: ${ERRORS}. k6 counts since its run began, the exporter over the last minute; its ` +
        "refusals, which are a part of its errors, stand apart.",
      unit: "percentunit",
      questions: questions(
        [`max by (name) (${K6_ERRORS})`, "k6, {{name}}"],
        [series(RECORDED.errors), "exporter, errors, {{instance}}"],
        [series(RECORDED.refusals), "exporter, refusals, {{instance}}"],
      ),
      limit: "error_ratio",
      showsLimit: true,
    },
  ],
  [
    {
      title: "Virtual users over time",
      description:
        "Number of k6's virtual users that wait for an answer at this moment, and of all. When all are " +
        "at work, k6 can no longer keep the rate that it was told.",
      unit: "short",
      questions: questions([`sum(${K6_USERS})`, "at work"], [`sum(${K6_ALL_USERS})`, "all"]),
    },
    {
      title: "Checks",
      description: "Share of the answers since k6's run began that passed, by check.",
      unit: "percentunit",
      questions: questions([`min by (check) (${K6_CHECKS})`, "{{check}}"]),
    },
  ],
  [
    MEMORY,
    {
      title: "Processor time of the exporter",
      description:
        "Seconds of processor time in each second, so 1 is one core; the chat model's own process " +
        "is not in it.",
      unit: "short",
      questions: questions([
        perSecond("process_cpu_seconds_total", "instance", JOB),
        "{{instance}}",
      ]),
    },
  ],
];
