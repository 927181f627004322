import type { Lookup } from "./interpolate.ts";
import { promDuration } from "../query/step.ts";

/** The moments that the variables about time stand for, in milliseconds. */
export interface Moments {
  readonly from: number;
  readonly to: number;
}

/** Finds Grafana's own variables: the time range and the dashboard. */
export function builtInLookup(
  { from, to }: Moments,
  dashboard: { readonly uid: string; readonly title: string },
): Lookup {
  const seconds = Math.round((to - from) / 1_000);
  const values: Readonly<Record<string, string>> = {
    __from: String(from),
    __to: String(to),
    __range: `${seconds}s`,
    __range_s: String(seconds),
    __range_ms: String(to - from),
    __dashboard: dashboard.title,
    timezone: "browser",
  };
  return (name, path) => {
    if ((name === "__from" || name === "__to") && path === undefined) return one(values[name]!);
    if (name === "__dashboard" && path === "uid") return one(dashboard.uid);
    if (name === "__url_time_range") {
      return { ...one(`from=${from}&to=${to}`), verbatim: true };
    }
    const value = values[name];
    return value === undefined ? undefined : one(value);
  };
}

/** Finds what a query's step gives: `$__interval`, `$__interval_ms` and `$__rate_interval`. */
export function stepLookup(stepMs: number, rateIntervalMs: number): Lookup {
  const values: Readonly<Record<string, string>> = {
    __interval: promDuration(stepMs),
    __interval_ms: String(stepMs),
    __rate_interval: promDuration(rateIntervalMs),
    __rate_interval_ms: String(rateIntervalMs),
  };
  return (name) => (values[name] === undefined ? undefined : one(values[name]));
}

/** The first of several look-ups that finds a name. */
export function firstOf(...lookups: readonly (Lookup | undefined)[]): Lookup {
  return (name, path) => {
    for (const lookup of lookups) {
      const found = lookup?.(name, path);
      if (found) return found;
    }
    return undefined;
  };
}

function one(value: string) {
  return { values: [value], text: [value] };
}
