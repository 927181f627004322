import { attempt, known } from "../fact.ts";
import { keyValues, wholeNumber } from "../key-values.ts";
import { sysctl } from "../mac/sysctl.ts";
import type { HardwareSources } from "../sources.ts";
import type { MachineMemory, PressureLevel, SwapUse } from "./machine-memory.ts";

/** Memory of a Mac, from programs of the system that need no privilege. */
export async function macMemory(sources: HardwareSources): Promise<MachineMemory> {
  const [system, swap, pressure] = await Promise.all([
    attempt(async () => {
      const [pages, memory] = await Promise.all([
        sources.run("/usr/bin/vm_stat", []),
        sysctl(sources, ["hw.memsize"]),
      ]);
      return { usedBytes: usedOfPages(pages), capacityBytes: wholeNumber(memory, "hw.memsize") };
    }),
    attempt(async () => {
      const key = "vm.swapusage";
      return swapUse((await sysctl(sources, [key])).get(key) ?? "");
    }),
    attempt(async () => {
      const key = "kern.memorystatus_vm_pressure_level";
      return pressureLevel(wholeNumber(await sysctl(sources, [key]), key));
    }),
  ]);
  return { system, container: known(undefined), swap, pressure };
}

/**
 * Memory in use as Apple defines it for Activity Monitor: App Memory (anonymous pages that are not
 * purgeable), wired, and compressed (pages that the compressor occupies, not those stored in it).
 * Cached files are not in it, so that reading a large file changes nothing. The size of a page is read
 * from the output itself, because under Rosetta the key hw.pagesize tells another one.
 *
 * Source: Apple, "View memory usage in Activity Monitor on Mac". Its headline on Apple Silicon is
 * 0.5 to 1 GB more, which is memory that the firmware keeps.
 *
 * @param vmStat - output of `vm_stat`, in which newer systems have lines that older ones lack
 * @throws Error when it has another shape
 */
function usedOfPages(vmStat: string): number {
  const pageBytes = Number(/page size of (\d+) bytes/.exec(vmStat)?.[1]);
  if (!(pageBytes > 0)) throw new Error("vm_stat: no page size");
  const values = keyValues(vmStat);
  const pages = (key: string): number => wholeNumber(values, key);
  const app = Math.max(0, pages("Anonymous pages") - pages("Pages purgeable"));
  return pageBytes * (app + pages("Pages wired down") + pages("Pages occupied by compressor"));
}

/**
 * Reads `total = 2048.00M  used = 1470.06M  free = 577.94M  (encrypted)`; always in MiB, with the
 * user's decimal mark. The total grows as it is needed, so it is not told.
 */
function swapUse(text: string): SwapUse {
  const mebibytes = /used\s*=\s*(\d+(?:[.,]\d+)?)M/.exec(text)?.[1]?.replace(",", ".");
  if (mebibytes === undefined) throw new Error(`vm.swapusage: no amount in use in "${text}"`);
  return { usedBytes: Math.round(Number(mebibytes) * 2 ** 20) };
}

/** Levels of dispatch/source.h, DISPATCH_MEMORYPRESSURE_*; any other is not known, and not normal. */
function pressureLevel(level: number): PressureLevel {
  if (level === 1 || level === 2 || level === 4) return level;
  throw new Error(`kern.memorystatus_vm_pressure_level: ${level} is no level`);
}
