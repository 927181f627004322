import { keyValues } from "../key-values.ts";
import type { HardwareSources } from "../sources.ts";

/**
 * The values of kernel keys on macOS. Ask only for keys that exist together: at the first unknown
 * key sysctl ends with an error.
 *
 * @throws Error when one of the keys is unknown
 */
export async function sysctl(
  sources: HardwareSources,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  // Not every shell's PATH has /usr/sbin.
  return keyValues(await sources.run("/usr/sbin/sysctl", keys));
}
