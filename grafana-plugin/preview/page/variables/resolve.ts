import type { StoredVariable } from "../dashboard/schema.ts";
import { queryInstant, labelValues } from "../query/prometheus-api.ts";
import { asSeries } from "../query/prometheus-data.ts";
import { metricText } from "../query/legend.ts";
import { firstOf } from "./built-in.ts";
import { chooseValue } from "./choose.ts";
import { interpolate, type Lookup } from "./interpolate.ts";
import { promqlFormat, variableLookup } from "./lookup.ts";
import { customOptions, optionsFrom } from "./options.ts";
import { readVariableQuery } from "./query.ts";
import type { Variable, VariableOption } from "./variable.ts";

/** What finding options needs besides the variables themselves. */
export interface Resolving {
  /** Values that the URL names, by variable. */
  readonly asked: (name: string) => readonly string[];
  /** Grafana's own variables. */
  readonly builtIn: Lookup;
  /** Milliseconds. */
  readonly range: { readonly from: number; readonly to: number };
  readonly signal: AbortSignal;
}

/**
 * Finds the options and the choice of each variable, in their order, because a query may name the
 * variables before it. Kinds that the preview does not know are left out.
 *
 * @throws PrometheusError when a query fails, Error when one cannot be read
 */
export async function resolveVariables(
  stored: readonly StoredVariable[],
  resolving: Resolving,
): Promise<readonly Variable[]> {
  const variables: Variable[] = [];
  for (const one of stored) {
    const replace = (text: string) =>
      interpolate(text, firstOf(variableLookup(variables, promqlFormat), resolving.builtIn));
    const options = await optionsOf(one, replace, resolving);
    if (options) variables.push(chooseValue(one, options, resolving.asked(one.name)));
  }
  return variables;
}

async function optionsOf(
  stored: StoredVariable,
  replace: (text: string) => string,
  resolving: Resolving,
): Promise<readonly VariableOption[] | undefined> {
  const query = textOf(stored);
  switch (stored.type) {
    case "query":
      return optionsFrom(await find(replace(query), resolving), stored.regex, stored.sort);
    case "custom":
    case "interval":
      return customOptions(query);
    case "constant":
      return [{ text: query, value: query }];
    case "textbox": {
      const typed = resolving.asked(stored.name)[0] ?? [stored.current?.value].flat()[0] ?? query;
      return [{ text: typed, value: typed }];
    }
    // There is one data source, the Prometheus behind the preview.
    case "datasource":
      return [{ text: "Prometheus", value: "prometheus" }];
    default:
      return undefined;
  }
}

async function find(query: string, { range, signal }: Resolving): Promise<readonly string[]> {
  const read = readVariableQuery(query);
  if (read.kind === "label-values") {
    const { label, selector } = read;
    return labelValues(label, selector, { start: range.from, end: range.to }, signal);
  }
  const series = asSeries(await queryInstant(read.expr, range.to, signal));
  return series.flatMap(({ metric, values }) =>
    values.map(([seconds, value]) => `${metricText(metric)} ${value} ${seconds * 1_000}`),
  );
}

function textOf({ query, definition }: StoredVariable): string {
  if (typeof query === "string") return query;
  return query?.query ?? definition ?? "";
}
