import { keyValues, wholeNumber } from "../key-values.ts";

/**
 * Memory in bytes that macOS can hand out at once or after dropping caches, from the output of
 * `vm_stat`: free, speculative and inactive pages, as psutil counts `available`. The size of a page
 * is read from the output itself, because under Rosetta the key hw.pagesize tells another one.
 *
 * @throws Error when the output has another shape
 */
export function freeMemoryBytes(vmStat: string): number {
  const pageBytes = Number(/page size of (\d+) bytes/.exec(vmStat)?.[1]);
  if (!(pageBytes > 0)) throw new Error("vm_stat: no page size");
  const pages = keyValues(vmStat);
  const free = ["Pages free", "Pages speculative", "Pages inactive"].map((key) =>
    wholeNumber(pages, key),
  );
  return pageBytes * free.reduce((sum, count) => sum + count, 0);
}
