import type { Bound, Severity } from "@headroom/alerts/limits";

export type { Bound, Severity };

/** A limit of one series, in the series' own unit. */
export type Limit = Bound & { readonly severity: Severity };

/** Values over time. */
export interface Samples {
  /** Milliseconds since 1970, ascending. */
  readonly times: readonly number[];
  /** As many as `times`; null where there is no value. */
  readonly values: readonly (number | null)[];
}
