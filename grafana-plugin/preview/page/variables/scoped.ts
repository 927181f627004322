import type { ScopedVars } from "@grafana/data";
import type { Lookup } from "./interpolate.ts";

/** Finds a name among the values that belong to one field, row or link, like `__field.name`. */
export function scopedLookup(scoped: ScopedVars | undefined): Lookup {
  return (name, path) => {
    const variable = scoped?.[name];
    if (variable === undefined) return undefined;
    const value = path === undefined ? variable.value : property(variable.value, path);
    if (value === undefined || value === null) return undefined;
    const values = (Array.isArray(value) ? value : [value]).map(String);
    return { values, text: path === undefined && variable.text ? [variable.text] : values };
  };
}

/** Reads `labels.instance` or `labels["instance"]` from a value. */
function property(value: unknown, path: string): unknown {
  let current = value;
  for (const step of path.matchAll(/[^.[\]"']+/g)) {
    if (current === null || typeof current !== "object") return undefined;
    current = (current as Record<string, unknown>)[step[0]];
  }
  return current;
}
