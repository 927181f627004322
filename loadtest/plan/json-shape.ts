/** An object of a JSON text, nothing known of its fields. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether `value` has fields; a list has, too. */
export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null;

/** Whether `value` is a finite number. */
export const isNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value);

/** Whether `value` is one of `allowed`. */
export const isOneOf = <T extends string>(allowed: readonly T[], value: unknown): value is T =>
  allowed.some((one) => one === value);
