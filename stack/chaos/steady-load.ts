import { readFile } from "node:fs/promises";

/** What the clients of the steady load saw over some time. */
export interface Seen {
  readonly answers: number;
  /** Answers that are not 200, by their status. */
  readonly errors: Readonly<Record<string, number>>;
  /** Requests that were taken and never answered. */
  readonly lost: number;
  /** Requests that nobody took: connecting was refused. */
  readonly away: number;
  /** Of answers, in milliseconds; NaN without any. */
  readonly p95Ms: number;
}

/** A line of k6's `--out json` about one request. */
interface Point {
  readonly metric: string;
  readonly type: "Point";
  readonly data: {
    readonly time: string;
    readonly value: number;
    readonly tags?: { readonly status?: string; readonly error_code?: string };
  };
}

/**
 * k6's error codes of failed connections.
 * Source: https://grafana.com/docs/k6/latest/javascript-api/error-codes/
 */
const DIALLING = ["1200", "1210", "1211", "1212"];

/**
 * What was seen from one time to another, both in milliseconds since 1970.
 *
 * @param file - what k6 wrote of each request; a line that it has not finished is left out
 */
export async function seenBetween(file: string, from: number, to: number): Promise<Seen> {
  const lines = (await readFile(file, "utf8")).split("\n").slice(0, -1);
  const requests = lines
    .map((line) => JSON.parse(line) as Point | { type: "Metric"; metric: string })
    .filter((line) => line.type === "Point" && line.metric === "http_req_duration")
    .map((line) => (line as Point).data)
    .filter(({ time }) => Date.parse(time) >= from && Date.parse(time) <= to);
  const errors: Record<string, number> = {};
  const times: number[] = [];
  let [lost, away] = [0, 0];
  for (const { value, tags = {} } of requests) {
    const status = Number(tags.status ?? 0);
    if (status === 200) times.push(value);
    else if (status > 0) errors[status] = (errors[status] ?? 0) + 1;
    else if (DIALLING.includes(tags.error_code ?? "")) away++;
    else lost++;
  }
  times.sort((a, b) => a - b);
  const p95Ms = times[Math.ceil(0.95 * times.length) - 1] ?? NaN;
  return { answers: times.length, errors, lost, away, p95Ms };
}
