import { FORMATS, plain, type Format } from "./formats.ts";

/** What a name stands for while a text is written. */
export interface NamedValue {
  readonly values: readonly string[];
  readonly text: readonly string[];
  /** Written as it is, whatever the format: Grafana's `allValue`. */
  readonly verbatim?: boolean;
  /** How its values are written when the text does not say. */
  readonly format?: Format | undefined;
  /** Written for `${name:queryparam}`. */
  readonly queryParameter?: string | undefined;
}

/** Finds what a name stands for; `path` is what follows a dot, as in `${__field.name}`. */
export type Lookup = (name: string, path: string | undefined) => NamedValue | undefined;

/** `$name`, `[[name:format]]` and `${name.path:format}`. */
const NAMES = /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([^:}]+))?(?::([^}]+))?\}/g;

/**
 * Replaces variables in a text the way Grafana does. A name that stands for nothing stays as it is,
 * because it may be a regular expression's end or belong to somebody else.
 */
export function interpolate(text: string, lookup: Lookup, fallback: Format = plain): string {
  return text.replace(NAMES, (match, bare, bracketed, bracketFormat, braced, path, braceFormat) => {
    const found = lookup((bare ?? bracketed ?? braced) as string, path as string | undefined);
    if (!found) return match;
    const format = (bracketFormat ?? braceFormat) as string | undefined;
    if (format === "queryparam") return found.queryParameter ?? match;
    if (found.verbatim) return found.values.join(",");
    const named = format === undefined ? undefined : FORMATS[format];
    return (named ?? found.format ?? fallback)(found.values, found.text);
  });
}
