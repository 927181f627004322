import type { Language } from "../../language.ts";
import type { FindingUnit } from "./finding.ts";

/** The unit that a number of bytes is written in: the largest that it reaches; 1 GB is 1e9 bytes. */
const BYTE_UNITS = [
  { name: "TB", size: 1e12, decimals: 1 },
  { name: "GB", size: 1e9, decimals: 1 },
  { name: "MB", size: 1e6, decimals: 1 },
  { name: "kB", size: 1e3, decimals: 0 },
  { name: "B", size: 1, decimals: 0 },
] as const;

/** From here on a number is exact enough without decimals. */
const NO_DECIMALS_FROM = 99.95;

const TIME_UNITS = [
  { size: 86_400, en: "day", ja: "日" },
  { size: 3_600, en: "hour", ja: "時間" },
  { size: 60, en: "minute", ja: "分" },
  { size: 1, en: "second", ja: "秒" },
] as const;

/**
 * A number as a person reads it, with its unit: 45 %, 0.3 %, 10.8 GB, 305 GB, 1.2 MB/s, 3 days 4
 * hours. A percentage has a decimal below 10 only, bytes below 100 and from MB on; a duration is cut
 * to its two largest units, and a count that is not whole has one decimal.
 *
 * @param value - in the base unit, finite and not negative; a ratio is 0 to 1
 * @throws RangeError when the value is negative or not finite
 */
export function formatQuantity(value: number, unit: FindingUnit, language: Language): string {
  if (!Number.isFinite(value) || value < 0) {
    throw new RangeError(`a quantity is finite and not negative, got ${value}`);
  }
  switch (unit) {
    case "ratio":
      return percentage(value * 100) + (language === "ja" ? "%" : " %");
    case "bytes":
      return bytes(value);
    case "bytes_per_second":
      return `${bytes(value)}/s`;
    case "seconds":
      return duration(Math.floor(value), language);
    case "count":
      return withoutZero(value.toFixed(1));
  }
}

function percentage(percent: number): string {
  return percent < 9.95 ? withoutZero(percent.toFixed(1)) : percent.toFixed(0);
}

function bytes(value: number): string {
  // A number that rounds up to 1,000 of a unit is one of the next: 999.7 MB is 1.0 GB.
  const unit = BYTE_UNITS.find(({ size }) => value >= 0.9995 * size) ?? BYTE_UNITS.at(-1)!;
  const scaled = value / unit.size;
  return `${scaled.toFixed(scaled < NO_DECIMALS_FROM ? unit.decimals : 0)} ${unit.name}`;
}

function duration(seconds: number, language: Language): string {
  const largest = TIME_UNITS.findIndex(({ size }) => seconds >= size);
  if (largest < 0) return language === "ja" ? "0秒" : "0 seconds";
  const parts = TIME_UNITS.slice(largest, largest + 2).map((unit, index) => {
    const larger = index === 0 ? Infinity : TIME_UNITS[largest]!.size;
    return { unit, count: Math.floor((seconds % larger) / unit.size) };
  });
  const texts = parts
    .filter(({ count }) => count > 0)
    .map(({ unit, count }) =>
      language === "ja" ? `${count}${unit.ja}` : `${count} ${unit.en}${count === 1 ? "" : "s"}`,
    );
  return texts.join(language === "ja" ? "" : " ");
}

function withoutZero(text: string): string {
  return text.replace(/\.0$/, "");
}
