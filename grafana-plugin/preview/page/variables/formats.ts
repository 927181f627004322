/** Writes the values of a variable into a text. */
export type Format = (values: readonly string[], text: readonly string[]) => string;

/**
 * How a variable's values are written when the text says so, like `${instance:regex}`.
 * Source: https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/
 */
export const FORMATS: Readonly<Record<string, Format>> = {
  csv: (values) => values.join(","),
  distributed: (values) => values.join(","),
  doublequote: (values) => values.map((value) => `"${value.replaceAll('"', '\\"')}"`).join(","),
  glob: (values) => (values.length > 1 ? `{${values.join(",")}}` : values.join("")),
  json: (values) => JSON.stringify(values.length === 1 ? values[0] : values),
  percentencode: (values) => encodeURIComponent(FORMATS["glob"]!(values, [])),
  pipe: (values) => values.join("|"),
  raw: (values) => values.join(","),
  regex: (values) => group(values.map(escapeRegex)),
  singlequote: (values) => values.map((value) => `'${value.replaceAll("'", "\\'")}'`).join(","),
  sqlstring: (values) => values.map((value) => `'${value.replaceAll("'", "''")}'`).join(","),
  text: (_values, text) => text.join(" + "),
};

/** What a data link or a title gets when it names no format. */
export const plain: Format = FORMATS["glob"]!;

/** Several alternatives of a regular expression in parentheses; one stays bare. */
export function group(patterns: readonly string[]): string {
  return patterns.length === 1 ? patterns[0]! : `(${patterns.join("|")})`;
}

function escapeRegex(value: string): string {
  return value.replace(/[\\^$*+?.()|[\]{}/]/g, "\\$&");
}
