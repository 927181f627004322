import type { CoreKinds } from "./facts.ts";
import { type HardwareSources, keyValues } from "./sources.ts";

/** Parts of ARM, implementer 0x41. Source: lscpu-arm.c of util-linux. */
const ARM_PARTS: Readonly<Record<string, string>> = {
  "0xd03": "Cortex-A53",
  "0xd05": "Cortex-A55",
  "0xd08": "Cortex-A72",
  "0xd0b": "Cortex-A76",
  "0xd0c": "Neoverse-N1",
  "0xd40": "Neoverse-V1",
  "0xd49": "Neoverse-N2",
  "0xd4f": "Neoverse-V2",
};

/** Makers whose parts are not listed here. Source: as above. */
const IMPLEMENTERS: Readonly<Record<string, string>> = {
  "0x41": "ARM",
  "0x46": "Fujitsu",
  "0x48": "HiSilicon",
  "0x4e": "NVIDIA",
  "0x51": "Qualcomm",
  "0x61": "Apple",
  "0xc0": "Ampere",
};

/**
 * Name of the processor. Kernels for x86 write it into /proc/cpuinfo; on ARM it is put together
 * from implementer and part, with the board's name of the device tree where there is one.
 *
 * @throws Error when nothing names it, as under Docker on some Macs, where both are 0
 */
export async function brandOf(cpuinfo: string, sources: HardwareSources): Promise<string> {
  const written = keyValues(cpuinfo).get("model name");
  if (written) return written;
  const [parts, board] = [armParts(cpuinfo), await boardName(sources)];
  const name = [parts, board].filter((text) => text).join(", ");
  if (name === "") throw new Error("/proc/cpuinfo names no processor");
  return name;
}

/** All kinds of cores, in the order in which they come: processors of phones and boards mix them. */
function armParts(cpuinfo: string): string {
  const kinds = cpuinfo.split(/\n\s*\n/).flatMap((block) => armPart(keyValues(block)) ?? []);
  return [...new Set(kinds)].join(" + ");
}

function armPart(values: ReadonlyMap<string, string>): string | undefined {
  const [maker, part] = [values.get("CPU implementer"), values.get("CPU part")];
  if (maker === undefined || maker === "0x00") return undefined;
  const known = maker === "0x41" && part !== undefined ? ARM_PARTS[part] : undefined;
  return `${IMPLEMENTERS[maker] ?? `implementer ${maker}`} ${known ?? `part ${part}`}`;
}

async function boardName(sources: HardwareSources): Promise<string | undefined> {
  try {
    // Texts of the device tree end with a zero byte.
    return (await sources.readFile("/proc/device-tree/model")).replaceAll("\0", "").trim();
  } catch {
    return undefined;
  }
}

/** One logical processor in /proc/cpuinfo. */
interface Processor {
  readonly id: number;
  /** Equal for the hyperthreads of one core. */
  readonly core: string;
}

/** The logical processors in /proc/cpuinfo; on ARM each is a core of its own. */
export function processors(cpuinfo: string): readonly Processor[] {
  return cpuinfo
    .split(/\n\s*\n/)
    .map(keyValues)
    .flatMap((block) => {
      const id = Number(block.get("processor"));
      if (block.get("processor") === undefined || !Number.isInteger(id)) return [];
      const core = block.get("core id");
      return [{ id, core: core === undefined ? `${id}` : `${block.get("physical id")}/${core}` }];
    });
}

/** How many cores the given logical processors are. */
export function coresOf(all: readonly Processor[], ids?: ReadonlySet<number>): number {
  return new Set(all.filter(({ id }) => ids?.has(id) ?? true).map(({ core }) => core)).size;
}

/**
 * A processor with less than this share of the strongest one's capacity or clock is an efficiency
 * core. Cores of one kind differ too, by up to a tenth in clock (AMD's preferred cores, and the
 * fastest core of a phone); small ones of ARM have a third to a half of the capacity.
 */
const EFFICIENCY_SHARE = 0.75;

/**
 * Tells performance from efficiency cores: on Intel by the two performance monitors that the kernel
 * has for a hybrid processor, elsewhere by capacity, else by the greatest clock. Where none of these
 * is there, all are performance cores.
 *
 * Sources: Documentation/ABI/testing/sysfs-devices-system-cpu and
 * tools/perf/Documentation/intel-hybrid.txt of the Linux kernel.
 */
export async function linuxCoreKinds(
  all: readonly Processor[],
  sources: HardwareSources,
): Promise<CoreKinds> {
  const slow = (await intelAtoms(sources)) ?? (await weakOnes(all, sources));
  const efficiency = coresOf(all, slow);
  return { performance: coresOf(all) - efficiency, efficiency };
}

async function intelAtoms(sources: HardwareSources): Promise<ReadonlySet<number> | undefined> {
  const [core, atom] = ["/sys/devices/cpu_core/cpus", "/sys/devices/cpu_atom/cpus"] as const;
  if (!(await sources.exists(core)) || !(await sources.exists(atom))) return undefined;
  return new Set(cpuList(await sources.readFile(atom)));
}

async function weakOnes(
  all: readonly Processor[],
  sources: HardwareSources,
): Promise<ReadonlySet<number>> {
  for (const file of ["cpu_capacity", "cpufreq/cpuinfo_max_freq"]) {
    const strengths = await Promise.all(
      all.map(async ({ id }) => {
        const path = `/sys/devices/system/cpu/cpu${id}/${file}`;
        return (await sources.exists(path)) ? Number(await sources.readFile(path)) : NaN;
      }),
    );
    if (strengths.some((strength) => !(strength > 0))) continue;
    const weak = EFFICIENCY_SHARE * Math.max(...strengths);
    return new Set(all.filter((_, i) => strengths[i]! < weak).map(({ id }) => id));
  }
  return new Set();
}

/**
 * Reads a list of processors as the kernel writes it: `0-3,8` is 0, 1, 2, 3 and 8.
 *
 * @throws Error when the text has another shape
 */
export function cpuList(text: string): number[] {
  if (text.trim() === "") return [];
  return text
    .trim()
    .split(",")
    .flatMap((range) => {
      const match = /^(\d+)(?:-(\d+))?$/.exec(range);
      if (!match) throw new Error(`"${range}" is no range of processors`);
      const first = Number(match[1]);
      const last = Number(match[2] ?? match[1]);
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
    });
}
