/** A part of the report, before it is drawn. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /**
   * Widths of the columns in a terminal, in characters with their margins; longer texts are wrapped.
   * A column that is null, and every column without this list, is as wide as its longest text.
   */
  readonly widths?: readonly (number | null)[];
}
