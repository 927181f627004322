// Series that k6 writes to Prometheus while a load run lasts; they name no exporter.

/** P95 of the sentiment requests that succeeded, in seconds, since the run began. */
export const K6_SENTIMENT_P95 =
  'k6_http_req_duration_p95{name="POST /v1/sentiment", expected_response="true"}';

/** The same of the status questions, one series for each analysis. */
export const K6_STATUS_P95 =
  'k6_http_req_duration_p95{name="POST /v1/status", expected_response="true"}';

/** All requests, as a counter. */
export const K6_REQUESTS = "k6_http_reqs_total";

/** The requests whose answer was not the expected one, as a counter. */
export const K6_FAILED = 'k6_http_reqs_total{expected_response="false"}';
