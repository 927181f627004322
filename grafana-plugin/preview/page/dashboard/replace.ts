import type { InterpolateFunction, TimeRange } from "@grafana/data";
import { builtInLookup, firstOf, type Moments } from "../variables/built-in.ts";
import { FORMATS } from "../variables/formats.ts";
import { interpolate, type Lookup } from "../variables/interpolate.ts";
import { promqlFormat, queryParameter, variableLookup } from "../variables/lookup.ts";
import { scopedLookup } from "../variables/scoped.ts";
import type { Variable } from "../variables/variable.ts";
import type { Dashboard } from "./schema.ts";

/** Replaces variables in titles, texts and links. */
export type Replace = InterpolateFunction;

/**
 * Replaces variables as Grafana does outside of queries: those of the field first.
 *
 * @param moments the time range at the moment of replacing, so that a refresh needs no new function
 */
export function replaceWith(
  variables: readonly Variable[],
  moments: () => Moments,
  dashboard: Dashboard,
): Replace {
  const known = dashboardLookup(variables, moments, dashboard);
  return (text, scoped, format) =>
    interpolate(
      text ?? "",
      firstOf(scopedLookup(scoped), known),
      typeof format === "string" ? FORMATS[format] : undefined,
    );
}

/** Finds variables in the form that PromQL wants. */
export function queryLookup(
  variables: readonly Variable[],
  timeRange: TimeRange,
  dashboard: Dashboard,
): Lookup {
  const range = { from: timeRange.from.valueOf(), to: timeRange.to.valueOf() };
  return firstOf(variableLookup(variables, promqlFormat), builtInLookup(range, dashboard));
}

function dashboardLookup(
  variables: readonly Variable[],
  moments: () => Moments,
  dashboard: Dashboard,
): Lookup {
  const all: Lookup = (name) =>
    name === "__all_variables"
      ? { values: [variables.map(queryParameter).join("&")], text: [], verbatim: true }
      : undefined;
  const builtIn: Lookup = (name, path) => builtInLookup(moments(), dashboard)(name, path);
  return firstOf(variableLookup(variables), all, builtIn);
}
