import type { Bound, OperationLimit, Unit } from "../limits.ts";

/** The Prometheus template that prints `$value` in the unit that a person reads. */
export const VALUE: Readonly<Record<Unit, string>> = {
  bytes: "{{ $value | humanize }}B",
  seconds: "{{ $value | humanizeDuration }}",
  ratio: "{{ $value | humanizePercentage }}",
  nats: '{{ printf "%.2f" $value }} nats',
};

/**
 * The template that prints a quantile of a histogram of times: at its last finite edge nobody knows
 * how much more it is.
 *
 * @param longest - that edge, in seconds
 */
export function upToSeconds(longest: number): string {
  return `{{ if ge $value ${longest.toFixed(1)} }}more than {{ end }}${VALUE.seconds}`;
}

/** A limit in words, as the templates print values: "33.6GB", "500ms", "5%", "0.5 to 2.5 nats". */
export function inWords(limit: Bound & { readonly unit: Unit | OperationLimit["unit"] }): string {
  switch (limit.bound) {
    case "upper":
      return quantity(limit.upper, limit.unit);
    case "lower":
      return quantity(limit.lower, limit.unit);
    case "band":
      return `${limit.lower} to ${quantity(limit.upper, limit.unit)}`;
  }
}

function quantity(value: number, unit: Unit | OperationLimit["unit"]): string {
  switch (unit) {
    case "bytes":
      return gigabytes(value);
    case "seconds":
      return value < 1 ? `${round(value * 1000)}ms` : `${round(value)}s`;
    case "ratio":
      return `${round(value * 100)}%`;
    case "nats":
      return `${round(value)} nats`;
    case "count":
      return `${round(value)}`;
  }
}

/** Bytes in GB (1e9), to three decimals at most. */
export function gigabytes(bytes: number): string {
  return `${round(bytes / 1e9)}GB`;
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
