import type { DataFrame, Field, Labels } from "@grafana/data";

/** One series of numbers over time, whatever shape of data frame it came in. */
export interface Series {
  /** The same in every refresh: made of query, name and labels. */
  readonly id: string;
  /** What Grafana calls it: the display name, with overrides. */
  readonly name: string;
  /** The field's labels; in a long frame also what the row's text columns say. */
  readonly labels: Labels;
  /** Milliseconds since 1970, ascending, each once. Empty when there is no row. */
  readonly times: readonly number[];
  /** As many as `times`; null where there is no value (null, NaN and infinities alike). */
  readonly values: readonly (number | null)[];
  /** Holds units, decimals, mappings, thresholds, links and overrides. */
  readonly field: Field;
  readonly frame: DataFrame;
  /** The row of the frame that `values[i]` came from, for data links. */
  readonly rows: readonly number[];
}
