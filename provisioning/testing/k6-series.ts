/**
 * Series that k6 writes to Prometheus in a load run and that dashboards may ask for, with their
 * labels: k6's tags, of which `loadtest/lib/options.ts` keeps these, and the scripts' own `analysis`.
 * A trend is in seconds here.
 * Source: https://grafana.com/docs/k6/latest/results-output/real-time/prometheus-remote-write/
 */
export const K6_SERIES: ReadonlyMap<string, readonly string[]> = new Map(
  ["k6_http_req_duration_p95", "k6_http_req_duration_p99"].map((name) => [
    name,
    ["name", "method", "status", "scenario", "expected_response", "analysis"],
  ]),
);
