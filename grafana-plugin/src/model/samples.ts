/** Values over time. */
export interface Samples {
  /** Milliseconds since 1970, ascending. */
  readonly times: readonly number[];
  /** As many as `times`; null where there is no value. */
  readonly values: readonly (number | null)[];
}
