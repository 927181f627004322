import type { Field } from "@grafana/data";

/**
 * A field's values as an array. Most are arrays already; some sources give typed arrays, and older
 * ones a `Vector`, which has `get` and `toArray` but no elements.
 */
export function columnOf(field: Field): readonly unknown[] {
  const values: unknown = field.values;
  if (Array.isArray(values)) return values;
  if (hasToArray(values)) return values.toArray();
  return Array.from(values as ArrayLike<unknown>);
}

function hasToArray(values: unknown): values is { toArray: () => unknown[] } {
  return typeof (values as { toArray?: unknown }).toArray === "function";
}
