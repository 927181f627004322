import type { CoreKinds } from "../facts.ts";
import type { HardwareSources } from "../sources.ts";
import { coresOf, type Processor } from "./cpuinfo.ts";
import { cpuList } from "./cpu-list.ts";

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
