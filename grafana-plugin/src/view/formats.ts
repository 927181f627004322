import {
  createTheme,
  type Field,
  formattedValueToString,
  getDisplayProcessor,
} from "@grafana/data";

/** Colours are not asked for, so that every theme gives the same text. */
const ANY_THEME = createTheme();

/** Text of a value with the unit, decimals and mappings of its field. */
export function formatValue(field: Field, value: number): string {
  const display = field.display ?? getDisplayProcessor({ field, theme: ANY_THEME });
  return formattedValueToString(display(value));
}

/** A share as whole percent, like "12 %"; more digits only where 0 or 100 would be untrue. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return "unknown";
  const percent = share * 100;
  const rounded = Math.round(percent);
  const misleads = (rounded === 0 && percent !== 0) || (rounded === 100 && percent < 100);
  const digits = misleads ? 1 : 0;
  const text = percent.toFixed(digits);
  return `${Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−")} %`;
}
