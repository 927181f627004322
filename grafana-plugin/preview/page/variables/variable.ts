/** A dashboard variable with the values that are chosen now. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  /** A list when several may be chosen. */
  readonly value: string | readonly string[];
  /** What a reader sees of the value. */
  readonly text: string | readonly string[];
  readonly multi: boolean;
  readonly includeAll: boolean;
  /** What "All" stands for in a query; without it, every option. */
  readonly allValue?: string | undefined;
  readonly options: readonly VariableOption[];
  /** Neither shown in the header nor chosen there. */
  readonly hidden: boolean;
}

/** One choice of a variable. */
export interface VariableOption {
  readonly text: string;
  readonly value: string;
}

/** The value by which Grafana stores that all options are chosen. */
export const ALL = "$__all";

/** Whether all options are chosen. */
export function isAll({ value }: Pick<Variable, "value">): boolean {
  return value === ALL || (Array.isArray(value) && value[0] === ALL);
}

/** What the variable stands for: its values, all of them when "All" is chosen. */
export function valuesOf(variable: Variable): string | readonly string[] {
  if (!isAll(variable)) return variable.value;
  return variable.allValue || variable.options.map(({ value }) => value);
}
