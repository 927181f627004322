import { BYTES_PER_UNIT } from "@headroom/alerts/byte-units";

/**
 * Bytes of a size such as "16GB" (1 GB = 1e9 bytes) or "15.5 GiB" (1 GiB = 2^30 bytes).
 *
 * @throws RangeError when it is not a positive number with a unit; "g" or "Gb" could mean several
 * things and are refused
 */
export function parseMemorySize(text: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(number) * (BYTES_PER_UNIT[unit] ?? Number.NaN));
  if (!Number.isSafeInteger(bytes) || bytes <= 0) {
    throw new RangeError(
      `"${text}" is not a size of memory. Write a number and one of ` +
        `${Object.keys(BYTES_PER_UNIT).join(", ")}: 16GB is 16e9 bytes, 16GiB is 16 x 2^30.`,
    );
  }
  return bytes;
}
