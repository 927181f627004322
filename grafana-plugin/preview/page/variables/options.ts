import type { VariableOption } from "./variable.ts";

/**
 * Options from found texts: only those that the pattern matches, its first group when it has one,
 * the groups `text` and `value` when it has them; each once, sorted as the dashboard says.
 *
 * @param pattern like `/host-(.*)/i`; empty matches all
 * @param sort Grafana's number: 0 unsorted, 1 and 2 alphabetical, 3 and 4 by number, 5 and 6
 * without case, 7 and 8 natural; even ones fall
 * @throws SyntaxError when the pattern is no regular expression
 */
export function optionsFrom(
  texts: readonly string[],
  pattern = "",
  sort = 0,
): readonly VariableOption[] {
  const matcher = pattern ? toRegExp(pattern) : undefined;
  const options = new Map<string, VariableOption>();
  for (const found of texts) {
    const match = matcher ? matcher.exec(found) : [found];
    if (!match) continue;
    const { groups } = match as Partial<RegExpExecArray>;
    const value = groups?.["value"] ?? groups?.["text"] ?? match[1] ?? match[0] ?? "";
    const text = groups?.["text"] ?? value;
    if (!options.has(value)) options.set(value, { text, value });
  }
  return sorted([...options.values()], sort);
}

/** Options of a custom variable: `a, b, Text : value`, with `\,` for a comma. */
export function customOptions(query: string): readonly VariableOption[] {
  return (query.match(/(?:\\,|[^,])+/g) ?? [])
    .map((part) => part.replaceAll("\\,", ",").trim())
    .filter(Boolean)
    .map((part) => {
      const [, text, value] = /^(.+)\s:\s(.+)$/.exec(part) ?? [];
      return text && value
        ? { text: text.trim(), value: value.trim() }
        : { text: part, value: part };
    });
}

function sorted(options: VariableOption[], sort: number): readonly VariableOption[] {
  if (sort <= 0) return options;
  const compare = COMPARE[Math.ceil(sort / 2) - 1] ?? COMPARE[0]!;
  options.sort((a, b) => compare(a.text, b.text));
  return sort % 2 === 0 ? options.reverse() : options;
}

const COMPARE: readonly ((a: string, b: string) => number)[] = [
  (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  (a, b) => firstNumber(a) - firstNumber(b),
  (a, b) => a.toLowerCase().localeCompare(b.toLowerCase(), "en"),
  (a, b) => a.localeCompare(b, "en", { numeric: true }),
];

/** Texts without a number come first, as in Grafana. */
function firstNumber(text: string): number {
  const found = /\d+/.exec(text);
  return found ? Number(found[0]) : -1;
}

function toRegExp(pattern: string): RegExp {
  const [, body, flags] = /^\/(.*)\/([a-z]*)$/s.exec(pattern) ?? [];
  return body === undefined ? new RegExp(`^${pattern}$`) : new RegExp(body, flags);
}
