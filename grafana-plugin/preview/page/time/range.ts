import { dateMath, dateTime, type RawTimeRange, type TimeRange } from "@grafana/data";

/**
 * A time range from its ends: milliseconds, ISO times, or texts like `now-15m`.
 *
 * @throws Error when an end cannot be read
 */
export function timeRange(from: string | number, to: string | number, timeZone: string): TimeRange {
  const raw: RawTimeRange = { from: rawEnd(from), to: rawEnd(to) };
  const read = (end: string | number, roundUp: boolean) => {
    const time =
      typeof end === "number"
        ? dateTime(end)
        : dateMath.toDateTime(end, { roundUp, timezone: timeZone });
    if (!time?.isValid()) throw new Error(`"${end}" is no time; use now-15m, an ISO time or ms.`);
    return time;
  };
  return { from: read(numeric(from), false), to: read(numeric(to), true), raw };
}

/** URLs hold milliseconds as text. */
function numeric(end: string | number): string | number {
  return typeof end === "string" && /^\d{10,}$/.test(end) ? Number(end) : end;
}

function rawEnd(end: string | number) {
  const known = numeric(end);
  return typeof known === "string" && known.startsWith("now") ? known : dateTime(known);
}
