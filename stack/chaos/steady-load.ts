import { readFile } from "node:fs/promises";

/** How one request of the steady load ended. */
export interface Ended {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly milliseconds: number;
  readonly end: "answered" | "error" | "lost" | "away";
  /** Of HTTP; 0 when there was no answer. */
  readonly status: number;
}

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

/** A line of k6's `--out json`, as far as it is read. */
interface Line {
  readonly metric: string;
  readonly type: string;
  readonly data: {
    readonly time: string;
    readonly value: number;
    readonly tags?: { readonly status?: string; readonly error_code?: string };
  };
}

/**
 * k6's codes of connections that did not come about.
 * Source: https://grafana.com/docs/k6/latest/javascript-api/error-codes/
 */
const DIALLING = ["1200", "1210", "1211", "1212"];

/** Reads what k6 wrote of each request; a line that it has not finished is left out. */
export async function readEnds(file: string): Promise<readonly Ended[]> {
  const lines = (await readFile(file, "utf8")).split("\n").slice(0, -1);
  return lines
    .map((line) => JSON.parse(line) as Line)
    .filter(({ metric, type }) => metric === "http_req_duration" && type === "Point")
    .map(({ data: { time, value, tags = {} } }) => {
      const status = Number(tags.status ?? 0);
      return {
        at: Date.parse(time),
        milliseconds: value,
        status,
        end: endOf(status, tags.error_code),
      };
    });
}

function endOf(status: number, errorCode = ""): Ended["end"] {
  if (status === 200) return "answered";
  if (status > 0) return "error";
  return DIALLING.includes(errorCode) ? "away" : "lost";
}

/** What was seen from one time to another, both in milliseconds since 1970. */
export function seenBetween(ends: readonly Ended[], from: number, to: number): Seen {
  const within = ends.filter(({ at }) => at >= from && at <= to);
  const count = (end: Ended["end"]) => within.filter((one) => one.end === end).length;
  const errors: Record<string, number> = {};
  for (const { end, status } of within) {
    if (end === "error") errors[status] = (errors[status] ?? 0) + 1;
  }
  const times = within
    .filter(({ end }) => end === "answered")
    .map(({ milliseconds }) => milliseconds)
    .sort((a, b) => a - b);
  return {
    answers: times.length,
    errors,
    lost: count("lost"),
    away: count("away"),
    p95Ms: times[Math.ceil(0.95 * times.length) - 1] ?? NaN,
  };
}
