import {
  createTheme,
  type DisplayProcessor,
  type Field,
  type FormattedValue,
  formattedValueToString,
  getDisplayProcessor,
} from "@grafana/data";
import { headroom, headroomInWords, isBroken } from "@headroom/alerts/headroom";
import type { Bound } from "../model/limit.ts";

/** Colours are not asked for, so that every theme gives the same text. */
const ANY_THEME = createTheme();

/** Text of a value with the unit, decimals and mappings of its field. */
export function formatValue(field: Field, value: number): string {
  return written(() => field.display ?? getDisplayProcessor({ field, theme: ANY_THEME }), value);
}

/** Text of a value without mappings: for an axis, on which every number stands for itself. */
export function formatNumber(field: Field, value: number): string {
  const { display: _, config, ...rest } = field;
  const { mappings: __, ...plain } = config;
  return written(
    () => getDisplayProcessor({ field: { ...rest, config: plain }, theme: ANY_THEME }),
    value,
  );
}

/**
 * Writes the numbers of an axis in one unit, that of its largest: 200 ms and 1 s on one axis would have
 * to be converted before they can be compared.
 *
 * @param largest - the number of the largest size on the axis
 */
export function axisFormat(field: Field, largest: number): (value: number) => string {
  const decimals = 6;
  const display = () =>
    getDisplayProcessor({
      field: { ...field, config: { ...field.config, decimals, mappings: [] } },
      theme: ANY_THEME,
    });
  try {
    const { text, prefix = "", suffix = "" } = spaced(display()(largest));
    const scale = Number(text) / largest;
    // A date or a word has no scale.
    if (!Number.isFinite(scale) || scale === 0) return (value) => formatNumber(field, value);
    return (value) => `${prefix}${Number((value * scale).toPrecision(4))}${suffix}`;
  } catch {
    return String;
  }
}

/** With a space before a unit of letters or "%", which Grafana leaves out of some. */
function spaced(value: FormattedValue): FormattedValue {
  const { suffix = "" } = value;
  return /^[\p{L}%]/u.test(suffix) ? { ...value, suffix: ` ${suffix}` } : value;
}

/** A mapping or unit of an older version, which Grafana cannot apply any more, leaves the number. */
function written(display: () => DisplayProcessor, value: number): string {
  try {
    return formattedValueToString(spaced(display()(value)));
  } catch {
    return String(value);
  }
}

/** Whether a mapping of the field gives the value other words than its number: "more than 5 s". */
export function isMapped(field: Field, value: number): boolean {
  const { mappings = [] } = field.config;
  return mappings.length > 0 && formatValue(field, value) !== formatNumber(field, value);
}

/**
 * What is left to a limit: "44 %", "-25 %", "10 times the limit". Where a mapping says that the number
 * is not all of the value, it is not told how far beyond the limit that is.
 */
export function formatHeadroom(limit: Bound, field: Field, value: number): string {
  if (isBroken(limit, value) && isMapped(field, value)) return "beyond the limit";
  const percent = 100 * headroom(limit, value);
  const misleads = percent !== 0 && percent < 100 && Math.abs(percent) < 0.5;
  const nearlyFull = percent < 100 && percent >= 99.5;
  const words = headroomInWords(limit, value, misleads || nearlyFull ? 1 : 0);
  return words.replace(/^-(0(?:[.]0)? %)$/, "$1");
}

/**
 * A share as whole percent, like "12 %"; more digits only where 0 or 100 would be untrue.
 *
 * @param least - digits after the point in any case
 */
export function formatShare(share: number, least: 0 | 1 = 0): string {
  if (!Number.isFinite(share)) return "unknown";
  const percent = share * 100;
  const rounded = Math.round(percent);
  const misleads = (rounded === 0 && percent !== 0) || (rounded === 100 && percent < 100);
  const digits = misleads ? 1 : least;
  const text = percent.toFixed(digits);
  return `${Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−")} %`;
}
