import { SECONDS } from "../step.ts";

/** Seconds between two samples of the made-up past; Prometheus finds a sample for 5 minutes. */
const STEP = 240;
const DAYS = 14;

/** How an exporter did in the made-up past; `age` is in seconds before now. */
export interface Past {
  /** Seconds that every request took: the edge of a bucket. */
  latency(age: number): number;
  /** Bytes of memory that the exporter used. */
  memory(age: number): number;
  /** So old is the oldest sample, in seconds; the whole two weeks when absent. */
  readonly since?: number;
}

const EDGES = [0.05, 0.1, 0.25, 0.5, 1] as const;

/**
 * Samples of two simulated weeks until now in OpenMetrics, one request with one message a second.
 *
 * @param now - in seconds since 1970
 */
export function twoWeeks(now: number, labels: string, past: Past): string {
  const times: number[] = [];
  for (let age = past.since ?? DAYS * SECONDS.day; age >= 0; age -= STEP) times.push(age);
  const series = (name: string, more: string, value: (age: number) => number): string[] =>
    times.map((age) => `${name}{${labels}${more}} ${value(age)} ${now - age}`);
  // A counter holds one request for each second since the first sample.
  const counted = (when: (age: number) => boolean) => {
    let total = 0;
    return (age: number): number => (total += when(age) ? STEP : 0);
  };
  return [
    ...series("up", "", () => 1),
    ...series("sentiment_messages_total", ',label="positive",source="model"', counted(always)),
    ...series("sentiment_requests_total", ',outcome="ok"', counted(always)),
    ...EDGES.flatMap((edge) =>
      series(
        "sentiment_request_duration_seconds_bucket",
        `,le="${edge}"`,
        counted((age) => past.latency(age) <= edge),
      ),
    ),
    ...series("sentiment_request_duration_seconds_bucket", ',le="+Inf"', counted(always)),
    ...series("sentiment_request_duration_seconds_count", "", counted(always)),
    ...series("headroom_memory_used_bytes", ',scope="process"', past.memory),
    "# EOF\n",
  ].join("\n");
}

const always = (): boolean => true;
