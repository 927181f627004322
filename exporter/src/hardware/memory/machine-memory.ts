import { cgroupLevels, memoryAllowance } from "../cgroup.ts";
import {
  attempt,
  type Fact,
  type HardwareFacts,
  known,
  type MemoryUse,
  need,
  valueOf,
} from "../facts.ts";
import { type HardwareSources, keyValues, sysctl, wholeNumber } from "../sources.ts";

/** Memory of the control group with the smallest limit. */
interface ContainerMemory extends MemoryUse {
  readonly version: "cgroup1" | "cgroup2";
  /** What is left below the limit that is reached first, which may be that of a parent. */
  readonly leftBytes: number;
}

/** Swap in bytes. */
export interface SwapUse {
  readonly usedBytes: number;
  /** Absent where the system makes swap as it needs it, as macOS does: a share would mean nothing. */
  readonly totalBytes?: number;
}

/** How short of memory the kernel of macOS calls itself: 1 normal, 2 warning, 4 critical. */
export type PressureLevel = 1 | 2 | 4;

/** Memory of the machine that this process runs on, and of what it is held to. */
export interface MachineMemory {
  /** The whole machine; that of the host in a container. */
  readonly system: Fact<MemoryUse>;
  /** `value: undefined` where no limit is below what the machine has. */
  readonly container: Fact<ContainerMemory | undefined>;
  readonly swap: Fact<SwapUse>;
  /** Present on macOS only. */
  readonly pressure?: Fact<PressureLevel>;
}

/**
 * Reads the memory of the machine; what cannot be read is a fact that is not known. The one place
 * where it is read: metrics, limits, findings, plan, advice and doctor all go by this.
 */
export function readMachineMemory(sources: HardwareSources): Promise<MachineMemory> {
  if (sources.platform === "linux") return linuxMemory(sources);
  if (sources.platform === "darwin") return macMemory(sources);
  return otherMemory(sources);
}

/** What Node knows; its free memory counts what can be reclaimed on Windows. */
async function otherMemory({ os, platform }: HardwareSources): Promise<MachineMemory> {
  const capacityBytes = os.totalMemoryBytes;
  return {
    system: known({ usedBytes: capacityBytes - os.freeMemoryBytes, capacityBytes }),
    container: known(undefined),
    swap: { known: false, reason: `not read on ${platform}` },
  };
}

/** The memory that one process may use: the smaller of machine and container. */
export function ceiling({ system, container }: MachineMemory): number {
  return Math.min(need(system).capacityBytes, need(container)?.capacityBytes ?? Infinity);
}

/** What detection says of memory: what this process may use, and what of it is free. */
export async function memoryFacts(
  memory: MachineMemory,
): Promise<
  Pick<HardwareFacts, "memory" | "memoryBytes" | "availableMemoryBytes" | "hostMemoryBytes">
> {
  const { system, container } = memory;
  const limited = container.known && container.value !== undefined && system.known;
  return {
    memory: {
      ...(system.known && { system: system.value }),
      ...(container.known && container.value && { container: container.value }),
    },
    memoryBytes: await attempt(() => ceiling(memory)),
    availableMemoryBytes: await attempt(() => {
      const { usedBytes, capacityBytes } = need(system);
      return Math.min(capacityBytes - usedBytes, need(container)?.leftBytes ?? Infinity);
    }),
    ...(limited && { hostMemoryBytes: system.value.capacityBytes }),
  };
}

const KIB = 1024;

/**
 * Memory of a Linux machine and of the control groups around this process. Used is all but
 * `MemAvailable`, the kernel's own estimate of what programs can have without swapping (proc(5)).
 */
async function linuxMemory(sources: HardwareSources): Promise<MachineMemory> {
  const [meminfo, membership] = await Promise.all([
    attempt(async () => keyValues(await sources.readFile("/proc/meminfo"))),
    attempt(() => sources.readFile("/proc/self/cgroup")),
  ]);
  const bytes = (key: string): number => KIB * wholeNumber(need(meminfo), key);
  const system = await attempt(() => {
    const capacityBytes = bytes("MemTotal");
    return { usedBytes: capacityBytes - bytes("MemAvailable"), capacityBytes };
  });
  return {
    system,
    container: await attempt(() =>
      // Without control groups in the kernel the file is missing, and nothing is limited.
      containerMemory(valueOf(membership) ?? "", valueOf(system)?.capacityBytes, sources),
    ),
    swap: await attempt(() => {
      const totalBytes = bytes("SwapTotal");
      return { usedBytes: totalBytes - bytes("SwapFree"), totalBytes };
    }),
  };
}

/** A limit that is not below what the machine has limits nothing. */
async function containerMemory(
  membership: string,
  machineBytes = Infinity,
  sources: HardwareSources,
): Promise<ContainerMemory | undefined> {
  const levels = cgroupLevels(membership, "memory");
  if (!levels) return undefined;
  const { limitBytes, usedBytes, leftBytes } = await memoryAllowance(levels, sources);
  if (limitBytes >= machineBytes || limitBytes === Infinity) return undefined;
  return { usedBytes, capacityBytes: limitBytes, leftBytes, version: levels.version };
}

/** Memory of a Mac, from programs of the system that need no privilege. */
async function macMemory(sources: HardwareSources): Promise<MachineMemory> {
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

/**
 * Of what several processes read of their devices, that which is nearest to its capacity. They are not
 * added: a driver tells each process what all of them use.
 */
export function fullest(devices: readonly (MemoryUse | undefined)[]): MemoryUse | undefined {
  const share = ({ usedBytes, capacityBytes }: MemoryUse) => usedBytes / capacityBytes;
  return devices
    .filter((device) => device !== undefined)
    .toSorted((a, b) => share(b) - share(a))[0];
}
