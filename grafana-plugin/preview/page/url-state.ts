/** What the page's address says, so that it can be kept and sent. */
export interface UrlState {
  readonly dashboard?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly timezone?: string | undefined;
  /** An empty text turns refreshing off. */
  readonly refresh?: string | undefined;
  readonly theme?: "light" | "dark" | undefined;
  /** Chosen values by variable. */
  readonly variables: Readonly<Record<string, readonly string[]>>;
}

/** Reads the query of an address, like `?dashboard=a&from=now-15m&to=now&var-instance=b`. */
export function readUrl(search: string): UrlState {
  const parameters = new URLSearchParams(search);
  const names = [...new Set(parameters.keys())].filter((name) => name.startsWith("var-"));
  const theme = parameters.get("theme");
  return {
    dashboard: parameters.get("dashboard") ?? undefined,
    from: parameters.get("from") ?? undefined,
    to: parameters.get("to") ?? undefined,
    timezone: parameters.get("timezone") ?? undefined,
    refresh: parameters.get("refresh") ?? undefined,
    theme: theme === "light" || theme === "dark" ? theme : undefined,
    variables: Object.fromEntries(
      names.map((name) => [name.slice("var-".length), parameters.getAll(name)]),
    ),
  };
}

/** The query of an address that says the same; {@link readUrl} reads it back. */
export function writeUrl({ variables, ...rest }: UrlState): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined) parameters.set(name, value);
  }
  for (const [name, values] of Object.entries(variables)) {
    for (const value of values) parameters.append(`var-${name}`, value);
  }
  const text = parameters.toString();
  return text && `?${text}`;
}
