/** What the page's address says, so that it can be kept and sent. */
export interface UrlState {
  readonly dashboard?: string | undefined;
  /** The id of the one panel that is shown. */
  readonly viewPanel?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly timezone?: string | undefined;
  /** An empty text turns refreshing off. */
  readonly refresh?: string | undefined;
  readonly theme?: string | undefined;
  /** Chosen values by variable. */
  readonly variables: Readonly<Record<string, readonly string[]>>;
}

/** What an address names by itself; variables come beside it. */
const NAMED = ["dashboard", "viewPanel", "from", "to", "timezone", "refresh", "theme"] as const;

/** Reads the query of an address, like `?dashboard=a&from=now-15m&to=now&var-instance=b`. */
export function readUrl(search: string): UrlState {
  const parameters = new URLSearchParams(search);
  const names = [...new Set(parameters.keys())].filter((name) => name.startsWith("var-"));
  const named = NAMED.map((name) => [name, parameters.get(name) ?? undefined]);
  return {
    ...(Object.fromEntries(named) as Omit<UrlState, "variables">),
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

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds between two refreshes, from a text like `30s`; Infinity for an empty one, which turns them
 * off, and undefined for all else. A day is the most: a timer that is asked to wait for a month does not
 * wait at all.
 */
export function refreshMs(text: string): number | undefined {
  if (text === "") return Infinity;
  const [, count, unit] = /^([1-9]\d{0,4})([smh])$/.exec(text) ?? [];
  const ms = Number(count) * UNITS[unit as keyof typeof UNITS];
  return ms <= 24 * UNITS.h ? ms : undefined;
}
