import { dateTimeFormat, type Field, type TimeZone } from "@grafana/data";

/** When "now" is, and how the reader's clock shows it. */
export interface Now {
  /** End of the visible range, milliseconds since 1970. */
  readonly to: number;
  /** See {@link nowWithin}; the end of the range when left out. */
  readonly now?: number;
  readonly timeZone: TimeZone;
}

/**
 * The moment that a range asks about: its end, unless that is still to come, as that of "today" is.
 *
 * @param to - end of the visible range, milliseconds since 1970
 */
export function nowWithin(to: number): number {
  return Math.min(to, Date.now());
}

/**
 * That the values of a field have ended: "no traffic since 13:51", in the words of Grafana's standard
 * option "No value" where it has any. Not on the same day, with the date.
 *
 * @param time - of the last value, milliseconds since 1970
 */
export function endedWords(field: Field, time: number, now: Now): string {
  const { noValue = "" } = field.config;
  // A dash or a zero is no word that "since" could follow.
  const what = /\p{L}/u.test(noValue) ? noValue : "no value";
  return `${what} since ${clockWords(time, now)}`;
}

/** A moment on the reader's clock: "13:51", and with the date when that is not today. */
export function clockWords(time: number, { to, now = to, timeZone }: Now): string {
  const written = (at: number, format: string) => dateTimeFormat(at, { timeZone, format });
  const isSameDay = written(time, "YYYY-MM-DD") === written(now, "YYYY-MM-DD");
  return written(time, isSameDay ? "HH:mm" : "YYYY-MM-DD HH:mm");
}
