/** k6's tags of requests, of which `loadtest/lib/options.ts` keeps these, and the scripts' `analysis`. */
const OF_REQUESTS = ["name", "method", "status", "scenario", "expected_response", "analysis"];

/**
 * Series that k6 writes to Prometheus in a load run and that dashboards may ask for, with their
 * labels. A trend is in seconds here, and since the run began; so is a rate.
 * Source: https://grafana.com/docs/k6/latest/results-output/real-time/prometheus-remote-write/
 */
export const K6_SERIES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>(
  [
    // Of what was answered or missed its deadline, and what well-meant requests did not get.
    ["k6_answer_duration_p95", OF_REQUESTS],
    ["k6_request_errors_rate", OF_REQUESTS],
    ["k6_http_reqs_total", OF_REQUESTS],
    ["k6_checks_rate", ["check", "scenario"]],
    ["k6_vus", []],
    ["k6_vus_max", []],
  ],
);
