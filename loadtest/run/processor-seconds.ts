import { readFile } from "node:fs/promises";

/** Clock ticks of a second in /proc on every Linux that Node runs on (sysconf(_SC_CLK_TCK)). */
const TICKS = 100;

/**
 * Processor seconds that a process has taken (proc(5), stat: utime and stime).
 *
 * @returns undefined when it is gone, and where there is no /proc
 */
export async function processorSeconds(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return stat === undefined ? undefined : secondsOf(stat);
}

/** The same of what such a file says; the name before may hold spaces and parentheses. */
export function secondsOf(stat: string): number | undefined {
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13)
    .map(Number);
  const seconds = (user! + system!) / TICKS;
  return Number.isFinite(seconds) ? seconds : undefined;
}
