import type { Format } from "./formats.ts";
import { group } from "./formats.ts";
import type { Lookup, NamedValue } from "./interpolate.ts";
import { isAll, valuesOf, type Variable } from "./variable.ts";

/** Finds a dashboard's variables by name. */
export function variableLookup(variables: readonly Variable[], format?: VariableFormat): Lookup {
  return (name) => {
    const variable = variables.find((candidate) => candidate.name === name);
    if (!variable) return undefined;
    const values = [valuesOf(variable)].flat();
    const named: NamedValue = {
      values,
      text: [variable.text].flat(),
      verbatim: isAll(variable) && Boolean(variable.allValue),
      format: format?.(variable),
      queryParameter: queryParameter(variable),
    };
    return named;
  };
}

/** Chooses how a variable is written where the text names no format. */
export type VariableFormat = (variable: Variable) => Format;

/**
 * How Grafana's Prometheus data source writes variables into PromQL: values of which several can be
 * chosen stand in a regular expression, inside of a string; others inside of a string only.
 */
export const promqlFormat: VariableFormat = ({ multi, includeAll }) =>
  multi || includeAll
    ? (values) => group(values.map(inRegex))
    : (values) =>
        values.map((value) => value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')).join(",");

function inRegex(value: string): string {
  const escaped = value.replace(/[\\^$*+?.()|[\]{}]/g, "\\$&");
  return escaped.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}

/** The variable as a dashboard's URL carries it. */
export function queryParameter({ name, value }: Variable): string {
  const pairs = [value].flat().map((one): [string, string] => [`var-${name}`, one]);
  return new URLSearchParams(pairs).toString();
}
