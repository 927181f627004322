import { headroom } from "@headroom/alerts/headroom";
import type { Bound, Limit } from "../limit.ts";
import { durationWords } from "./duration.ts";
import { type Lane, type LaneState, limitInQuestion, worstBroken } from "./lane.ts";

/** What each state is called where there is little room. */
export const STATE_WORDS: Readonly<Record<LaneState, string>> = {
  critical: "critical",
  warning: "warning",
  stale: "no recent value",
  near: "near limit",
  recovering: "recovering",
  ok: "inside",
  "no-limit": "no limit",
  "no-data": "no data",
};

/** How numbers are written. */
interface SentenceFormat {
  /** A value of the series, with its unit. */
  readonly value: (value: number) => string;
  /** A length of time in milliseconds; {@link durationWords} when it is left out. */
  readonly duration?: (ms: number) => string;
  /** That the values have ended at a moment in milliseconds: `no traffic since 13:51`. */
  readonly ended?: (time: number) => string;
  /** How far the alert of the lane has come: `firing since 14:00`. */
  readonly alert?: string | undefined;
  /** Whether the words of a value are not its number: `more than 5 s`. No value is, by default. */
  readonly isMapped?: (value: number) => boolean;
}

/**
 * What a lane shows, for those who do not see it: `Latency, P95: 0.48 s, near its warning limit of
 * 0.5 s, 4 % headroom left. Outside for 2 min in this range, longest 1 min. Reaches the limit in
 * about 2 h.`
 */
export function laneSentence(lane: Lane, format: SentenceFormat): string {
  const duration = format.duration ?? durationWords;
  const parts = [
    `${lane.name}: ${standing(lane, format)}.`,
    outsideWords(lane, duration),
    forecastWords(lane, format.value, duration),
    format.alert === undefined ? "" : `Alert ${format.alert}.`,
    lane.advice === undefined ? "" : `First: ${lane.advice.action}`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}

/** A limit in words: `warning limit of 0.5 s`, and for a band the edge that is nearer to `value`. */
function limitWords(limit: Limit, value: number, format: SentenceFormat["value"]): string {
  const edge = nearerEdge(limit, value);
  const side = limit.bound === "band" ? (edge === limit.lower ? "lower " : "upper ") : "";
  return `${side}${limit.severity} limit of ${format(edge)}`;
}

function nearerEdge(limit: Bound, value: number): number {
  if (limit.bound === "upper") return limit.upper;
  if (limit.bound === "lower") return limit.lower;
  return value - limit.lower < limit.upper - value ? limit.lower : limit.upper;
}

function subject({ current, limits }: Lane): Limit | undefined {
  return current && limitInQuestion(limits, current.value);
}

/** The edge beyond which a lane is now, of the worst limit that it breaks; undefined while it breaks none. */
export function brokenEdge({ current, limits, state }: Lane): number | undefined {
  const limit = current && state !== "stale" && worstBroken(limits, current.value);
  return limit ? nearerEdge(limit, current.value) : undefined;
}

function standing(lane: Lane, words: SentenceFormat): string {
  if (lane.current === undefined) return "no data";
  const { time, value } = lane.current;
  const format = words.value;
  if (lane.state === "stale") {
    return `${words.ended?.(time) ?? "no recent value"}, the last value was ${format(value)}`;
  }
  if (lane.limits.length === 0) return `${format(value)}, no limit is known`;

  const limit = subject(lane);
  if (limit === undefined) return `${format(value)}, inside its limits`;
  const left = headroom(limit, value);
  const its = `its ${limitWords(limit, value, format)}`;
  switch (lane.state) {
    case "critical":
    case "warning":
      if (left === 0) return `${format(value)}, at ${its}, no headroom left`;
      return `${format(value)}, beyond ${its}${byHowMuch(limit, value, words)}`;
    case "near":
      return `${format(value)}, near ${its}, ${percent(left)} headroom left`;
    case "recovering":
      return `${format(value)}, inside ${its} again, ${percent(left)} headroom left`;
    default:
      return `${format(value)}, inside ${its}, ${percent(left)} headroom left`;
  }
}

/** Nothing where the value's number is not what it says. */
function byHowMuch(limit: Limit, value: number, format: SentenceFormat): string {
  if (format.isMapped?.(value)) return "";
  return ` by ${format.value(Math.abs(value - nearerEdge(limit, value)))}`;
}

/** A positive share; never `0 %`, because nothing left is another thing. */
function percent(share: number): string {
  return share < 0.005 ? "less than 1 %" : `${Math.round(share * 100)} %`;
}

function outsideWords({ outside }: Lane, duration: (ms: number) => string): string {
  if (outside.total === 0) return "";
  const longest = outside.breaches.length > 1 ? `, longest ${duration(outside.longest)}` : "";
  return `Outside for ${duration(outside.total)} in this range${longest}.`;
}

function forecastWords(
  lane: Lane,
  format: SentenceFormat["value"],
  duration: (ms: number) => string,
): string {
  const { forecast } = lane;
  if (forecast === undefined) return "";
  const limit = subject(lane);
  const edge = limit && lane.current && nearerEdge(limit, lane.current.value);
  const isSubject = forecast.limit === limit && forecast.edge === edge;
  const words = isSubject
    ? "the limit"
    : `its ${limitWords(forecast.limit, forecast.edge, format)}`;
  return `Reaches ${words} in about ${duration(forecast.inMs)}.`;
}
