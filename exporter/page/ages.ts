import type { Language } from "../src/language.ts";
import { html } from "./elements.ts";

const SIZES = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
] as const;

/** How long ago something was, as a person says it; never in the future, whatever the clocks say. */
function ago(time: string, language: Language): string {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time)) / 1_000));
  const [size, unit] = SIZES.find(([size]) => seconds >= size) ?? SIZES.at(-1)!;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return format.format(-Math.floor(seconds / size), unit);
}

/** The age of something, which {@link renewAges} keeps up to date. */
export function age(time: string, language: Language): HTMLElement {
  return html("time", { datetime: time }, ago(time, language));
}

/** Brings every age on the page up to date. */
export function renewAges(language: Language): void {
  for (const time of document.querySelectorAll("time")) {
    time.textContent = ago(time.dateTime, language);
  }
}
