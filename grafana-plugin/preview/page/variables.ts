import { labelValues, queryInstant, type Moments } from "./prometheus.ts";
import type { StoredVariable } from "./server-api.ts";

/** A dashboard variable with its options and those that are chosen now. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly options: readonly string[];
  /** Options, or {@link ALL} alone. */
  readonly chosen: readonly string[];
  readonly allValue: string;
  /** Whether readers choose it; one that they do not only fills legends. */
  readonly hidden: boolean;
}

/** The value by which Grafana stores that all options are chosen. */
export const ALL = "$__all";

/**
 * Finds the options of each variable in a time range, and what those for legends stand for.
 *
 * @param asked values that the page's address names, by variable
 * @throws PrometheusError when a query fails, Error when one cannot be read
 */
export async function findVariables(
  stored: readonly StoredVariable[],
  asked: Readonly<Record<string, readonly string[]>>,
  range: Moments,
  signal: AbortSignal,
): Promise<readonly Variable[]> {
  const isForLegends = ({ query: { query } }: StoredVariable) => RESULT.test(query);
  const pickers = await Promise.all(
    stored
      .filter((one) => !isForLegends(one))
      .map(async ({ name, label, query: { query }, allValue = ".*" }) => {
        const { selector, label: of } = readVariableQuery(query);
        const options = await labelValues(of, selector, range, signal);
        const chosen = chosenOf(options, asked[name]);
        return { name, label: label ?? name, options, chosen, allValue, hidden: false };
      }),
  );
  const values = promqlValues(pickers);
  const texts = await Promise.all(
    stored.filter(isForLegends).map(async ({ name, query: { query }, regex = "" }) => {
      const [, expr = ""] = RESULT.exec(query) ?? [];
      const [first] = await queryInstant(interpolate(expr, values), range.to, signal);
      const chosen = first ? [captured(first.metric, regex)] : [];
      return { ...{ name, label: name, options: [], chosen, allValue: "" }, hidden: true };
    }),
  );
  return [...pickers, ...texts];
}

const RESULT = /^\s*query_result\(([^]+)\)\s*$/;

/** What Grafana's regular expression finds in the labels of a result, as Grafana writes them. */
function captured(labels: Readonly<Record<string, string>>, regex: string): string {
  const text = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  const [, pattern = ""] = /^\/([^]*)\/$/.exec(regex) ?? [];
  return new RegExp(pattern).exec(`{${text.join(",")}}`)?.[1] ?? "";
}

/**
 * Reads the query of a variable, `label_values(selector, label)`.
 *
 * @throws Error that names the query when it is another
 */
export function readVariableQuery(query: string): { selector: string; label: string } {
  const [, selector, label] =
    /^\s*label_values\(\s*([^]+?)\s*,\s*([a-zA-Z_]\w*)\s*\)\s*$/.exec(query) ?? [];
  if (selector && label) return { selector, label };
  throw new Error(
    `The preview knows label_values(selector, label) and query_result(query), not "${query}".`,
  );
}

/** What the page's address says, as far as there are such options; else all. */
export function chosenOf(
  options: readonly string[],
  asked: readonly string[] = [],
): readonly string[] {
  if (asked.some((value) => value === ALL || value === "All")) return [ALL];
  const known = asked.filter((value) => options.includes(value));
  return known.length > 0 ? known : [ALL];
}

/**
 * What variables stand for in PromQL, inside of a regular expression in a string, as Grafana's
 * Prometheus data source writes them.
 */
export function promqlValues(variables: readonly Variable[]): ReadonlyMap<string, string> {
  const pickers = variables.filter(({ hidden }) => !hidden);
  const entries = pickers.map(({ name, chosen, allValue }): [string, string] => {
    if (chosen[0] === ALL) return [name, allValue];
    const patterns = chosen.map(inRegex);
    return [name, patterns.length === 1 ? patterns[0]! : `(${patterns.join("|")})`];
  });
  return new Map(entries);
}

/** What variables stand for in legends: those that only fill them, as they are. */
export function legendValues(variables: readonly Variable[]): ReadonlyMap<string, string> {
  const texts = variables.filter(({ hidden }) => hidden);
  return new Map(texts.map(({ name, chosen }) => [name, chosen[0] ?? ""]));
}

function inRegex(value: string): string {
  const escaped = value.replace(/[\\^$*+?.()|[\]{}]/g, "\\$&");
  return escaped.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}

/**
 * Replaces `$name` and `${name}` in a query. A name that stands for nothing stays as it is, because it
 * may be a regular expression's end or belong to somebody else.
 */
export function interpolate(query: string, values: ReadonlyMap<string, string>): string {
  return query.replace(/\$(\w+)|\$\{(\w+)\}/g, (match, bare?: string, braced?: string) => {
    return values.get(bare ?? braced ?? "") ?? match;
  });
}
