// Series that k6 writes to Prometheus while a load run lasts; they name no exporter.

/**
 * Only what k6 has sent a moment ago. Prometheus keeps what it was sent last for five minutes, and a run
 * that has ended would look like one that goes on. k6 sends every 5 s.
 */
export const stillSent = (series: string): string => `last_over_time(${series}[15s])`;

/** P95 of the sentiment requests that were answered or missed their deadline, in seconds, of the run. */
export const K6_SENTIMENT_P95 = stillSent('k6_answer_duration_p95{name="POST /v1/sentiment"}');

/** The same of the status questions, one series for each analysis. */
export const K6_STATUS_P95 = stillSent('k6_answer_duration_p95{name="POST /v1/status"}');

/** All requests, as a counter. */
export const K6_REQUESTS = "k6_http_reqs_total";

/** What well-meant requests did not get, as a share of them, since the run began; by kind of request. */
export const K6_ERRORS = stillSent("k6_request_errors_rate");

/** The share of the answers that passed a check, since the run began; by check. */
export const K6_CHECKS = stillSent("k6_checks_rate");

/** Virtual users that wait for an answer. */
export const K6_USERS = stillSent("k6_vus");

/** Virtual users that are ready or at work. */
export const K6_ALL_USERS = stillSent("k6_vus_max");
