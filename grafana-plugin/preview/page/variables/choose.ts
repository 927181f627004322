import type { StoredVariable } from "../dashboard/schema.ts";
import { ALL, type Variable, type VariableOption } from "./variable.ts";

/**
 * A variable with its options and what is chosen of them: what the URL says, else what the dashboard
 * stores, as far as there is such an option; else all, or the first one.
 *
 * @param asked values from the URL; empty when it names none
 */
export function chooseValue(
  stored: StoredVariable,
  options: readonly VariableOption[],
  asked: readonly string[] = [],
): Variable {
  const { multi = false, includeAll = false } = stored;
  const known = (value: string) =>
    (includeAll && value === ALL) || options.some((option) => option.value === value);
  const wanted = asked.length > 0 ? asked.map(allOr) : list(stored.current?.value).map(allOr);
  const kept = wanted.filter(known);
  const fallback = includeAll ? [ALL] : options.slice(0, 1).map(({ value }) => value);
  const values = kept.length > 0 ? kept : fallback;
  const text = values.map(
    (value) =>
      options.find((option) => option.value === value)?.text ?? (value === ALL ? "All" : value),
  );
  return {
    name: stored.name,
    label: stored.label || stored.name,
    type: stored.type,
    value: multi ? values : (values[0] ?? ""),
    text: multi ? text : (text[0] ?? ""),
    multi,
    includeAll,
    allValue: stored.allValue ?? undefined,
    options,
    hidden: stored.hide === 2,
  };
}

/** The URL may say `All` in words. */
function allOr(value: string): string {
  return value === "All" ? ALL : value;
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}
