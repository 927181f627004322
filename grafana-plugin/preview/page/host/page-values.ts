import type { InterpolateFunction, RawTimeRange, TimeRange } from "@grafana/data";
import type { Variable } from "../variables/variable.ts";

/** What the dashboard that is shown knows, for links and for plugins that ask the page itself. */
export interface PageState {
  readonly variables: readonly Variable[];
  readonly range: TimeRange;
  readonly replace: InterpolateFunction;
}

let state: PageState | undefined;

/** Makes the values of a dashboard those of the page. */
export function publishPage(next: PageState): void {
  state = next;
}

/** The variables as a URL carries them, by their names there. */
export function urlVariables(): Record<string, string | string[]> {
  const pairs = (state?.variables ?? []).map(({ name, value }) => [`var-${name}`, value]);
  return Object.fromEntries(pairs) as Record<string, string | string[]>;
}

/** The ends of the time range as a URL carries them. */
export function urlRange(): { from: string; to: string } {
  const text = (end: RawTimeRange["from"]) =>
    typeof end === "string" ? end : String(end.valueOf());
  const { from, to } = state?.range.raw ?? { from: "now-15m", to: "now" };
  return { from: text(from), to: text(to) };
}

/** The ends of the time range in milliseconds. */
export function pageMoments(): { from: number; to: number } {
  return { from: state?.range.from.valueOf() ?? 0, to: state?.range.to.valueOf() ?? 0 };
}

/** Replaces the page's variables in a text. */
export const replaceOnPage: InterpolateFunction = (text, scoped, format) =>
  state?.replace(text, scoped, format) ?? text;
