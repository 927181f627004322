/**
 * Reads lines of the form `key: value`, as sysctl, vm_stat and the files in /proc write them. A key
 * that comes twice keeps its first value; lines without a colon are left out.
 */
export function keyValues(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon < 0) continue;
    const key = line.slice(0, colon).trim();
    if (!found.has(key)) found.set(key, line.slice(colon + 1).trim());
  }
  return found;
}

/**
 * A whole number at the start of a value, such as 16384 in `16384 kB`.
 *
 * @throws Error that names the key when there is no such number
 */
export function wholeNumber(values: ReadonlyMap<string, string>, key: string): number {
  const digits = /^\d+/.exec(values.get(key) ?? "")?.[0];
  if (digits === undefined) throw new Error(`${key}: no number`);
  return Number(digits);
}
