import { headroomInWords } from "../../alerts/headroom.ts";
import type { Bound, Limit, Unit } from "../../alerts/limits.ts";
import type { Estimate } from "./histogram.ts";
import type { Shape } from "./columns.ts";

const NOTHING = "-";

/** With thousands separators; k6, which draws reports too, has no `Intl`. */
const digits = (value: number, decimals: number): string =>
  value.toFixed(decimals).replace(/^-?\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));

/** A count with thousands separators. */
export const formatCount = (count: number): string =>
  Number.isFinite(count) ? digits(count, 0) : NOTHING;

/** A rate a second, with one decimal below 100. */
export const formatRate = (rate: number): string =>
  Number.isFinite(rate) ? digits(rate, rate < 100 ? 1 : 0) : NOTHING;

/** A share as a percentage with one decimal. */
export const formatShare = (share: number): string =>
  Number.isFinite(share) ? `${digits(share * 100, 1)} %` : NOTHING;

/** A ratio such as 3.4x. */
export const formatRatio = (ratio: number | undefined): string =>
  ratio !== undefined && Number.isFinite(ratio) ? `${digits(ratio, 2)}x` : NOTHING;

/** A time in milliseconds below one second, else in seconds. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return NOTHING;
  const milliseconds = seconds * 1_000;
  if (Math.abs(milliseconds) >= 1_000) return `${digits(seconds, 2)} s`;
  return `${digits(milliseconds, Math.abs(milliseconds) < 10 ? 1 : 0)} ms`;
}

/** A time that may lie beyond what a histogram tells: "more than 5.00 s". */
export function formatEstimate({ value, isLeast }: Estimate): string {
  const text = formatSeconds(value);
  return isLeast && text !== NOTHING ? `more than ${text}` : text;
}

/** How far a value is from its limit, in a sentence: "headroom 44 %", "10 times the limit". */
export function formatHeadroom(
  limit: Bound,
  { value, isLeast }: Estimate,
  decimals?: number,
): string {
  const left = headroomInWords(limit, value, decimals);
  if (!left.endsWith("%")) return isLeast ? `more than ${left}` : left;
  return `headroom ${isLeast ? "less than " : ""}${left}`;
}

/** Bytes in MB (1e6) below one GB (1e9). */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return NOTHING;
  return bytes < 1e9 ? `${digits(bytes / 1e6, 0)} MB` : `${digits(bytes / 1e9, 2)} GB`;
}

/** A size of a file for people, such as `337 kB`, `98 MB` or `2.5 GB`; 1 GB = 1e9 bytes. */
export function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** A value in its unit. */
export function formatValue(value: number, unit: Unit | "messages/s", id = ""): string {
  switch (unit) {
    case "bytes":
      return formatBytes(value);
    case "seconds":
      return formatSeconds(value);
    case "nats":
      return Number.isFinite(value) ? `${digits(value, 2)} nats` : NOTHING;
    case "messages/s":
      return Number.isFinite(value) ? `${formatRate(value)}/s` : NOTHING;
    case "ratio":
      // An index such as Gini's is no share of anything.
      if (id === "attribution_sparsity") return Number.isFinite(value) ? digits(value, 2) : NOTHING;
      return formatShare(value);
  }
}

/** What a limit allows, for example "below 500 ms"; a value at the limit has no headroom left. */
export function formatLimit(limit: Limit): string {
  const value = (bound: number) => formatValue(bound, limit.unit, limit.id);
  switch (limit.bound) {
    case "upper":
      return `below ${value(limit.upper)}`;
    case "lower":
      return `above ${value(limit.lower)}`;
    case "band":
      return `${value(limit.lower).replace(/ .*/, "")} to ${value(limit.upper)}`;
  }
}

/** A part of a report, before it is drawn. */
export interface Table extends Shape {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Rows as a table in Markdown, a line each; the first is the head. */
export function inMarkdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map(markdownRow).join("");
}

/** No cell may end its row early. */
const markdownRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ")).join(" | ")} |\n`;
