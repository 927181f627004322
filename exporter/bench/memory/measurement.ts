import type { MemoryCheck } from "@headroom/alerts/bench-bounds";
import { isBroken } from "@headroom/alerts/headroom";
import { inColumns, type Screen } from "@headroom/loadtest/report/columns";

/** What was measured for one of the checks. */
export interface Measurement {
  readonly check: MemoryCheck;
  /** In the check's unit. */
  readonly value: number;
  /** How it came about, with the numbers behind it. */
  readonly how: string;
}

/** Whether the value is at the check's limit or beyond; what could not be measured is broken too. */
export function hasNoHeadroom({ check, value }: Measurement): boolean {
  return Number.isNaN(value) || isBroken({ bound: "upper", upper: check.upper }, value);
}

/** The measurements as a table, each with its limit, its verdict and how it was measured. */
export function tableOf(measurements: readonly Measurement[], screen?: Screen): string {
  const rows = measurements.map((measurement) => [
    measurement.check.title,
    quantity(measurement.value, measurement.check.unit),
    `below ${quantity(measurement.check.upper, measurement.check.unit)}`,
    hasNoHeadroom(measurement) ? "BROKEN" : "ok",
    measurement.how,
  ]);
  const head = ["measured", "value", "allowed", "verdict", "how"];
  return inColumns(rows, screen, { head, stateAt: 3 });
}

/** Bytes in MB (1e6). */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Bytes in kB (1e3). */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1e3).toFixed(1)} kB`;
}

function quantity(value: number, unit: MemoryCheck["unit"]): string {
  switch (unit) {
    case "bytes":
      return megabytes(value);
    case "bytes_per_answer":
      return `${kilobytes(value)}/answer`;
    case "ratio":
      return `${(100 * value).toFixed(0)} %`;
  }
}
