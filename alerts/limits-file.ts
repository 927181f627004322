import { readFileSync } from "node:fs";
import { limitsFor, type Limit } from "./limits.ts";
import type { OwnLimits } from "./own-limits.ts";

/**
 * Limits with those of one's own from a JSON file (see {@link OwnLimits}), as the exporter and
 * `npm run generate` read it.
 *
 * @param capacityBytes - memory of the reference machine in bytes
 * @param path - of the file; without one, nothing is changed
 * @throws RangeError that names the file, and says what is wrong with it
 */
export function limitsFromFile(capacityBytes: number, path?: string): readonly Limit[] {
  if (path === undefined) return limitsFor(capacityBytes);
  try {
    return limitsFor(capacityBytes, JSON.parse(readFileSync(path, "utf8")) as OwnLimits);
  } catch (error) {
    throw new RangeError(`the limits in ${path} cannot be used: ${(error as Error).message}`);
  }
}
