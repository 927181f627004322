import { attempt, need, valueOf } from "../fact.ts";
import type { Fact, HardwareFacts } from "../facts.ts";
import { keyValues, wholeNumber } from "../key-values.ts";
import type { HardwareSources } from "../sources.ts";
import { brandOf } from "./brand.ts";
import { cpuAllowance } from "./cgroup-cpu.ts";
import { cgroupLevels, type CgroupLevels } from "./cgroup-levels.ts";
import { memoryAllowance } from "./cgroup-memory.ts";
import { linuxCoreKinds } from "./core-kinds.ts";
import { processors } from "./cpuinfo.ts";
import { linuxGpu } from "./gpu.ts";
import { inContainer } from "./in-container.ts";

const KIB = 1024;

/** Facts of a Linux machine, and of what its control groups leave to this process. */
export async function detectLinux(sources: HardwareSources): Promise<HardwareFacts> {
  const read = (path: string) => attempt(() => sources.readFile(path));
  const [cpuinfo, meminfo, membership] = await Promise.all([
    read("/proc/cpuinfo"),
    read("/proc/meminfo"),
    read("/proc/self/cgroup"),
  ]);
  // Without control groups in the kernel the file is missing, and nothing is limited.
  const groups = valueOf(membership) ?? "";
  const [memory, cores, gpu, container] = await Promise.all([
    memoryFacts(meminfo, cgroupLevels(groups, "memory"), sources),
    coreFacts(cpuinfo, cgroupLevels(groups, "cpu"), sources),
    attempt(() => linuxGpu(sources)),
    inContainer(sources),
  ]);
  const { limitedBy: memoryLimit, ...memoryValues } = memory;
  const { limitedBy: cpuLimit, ...coreValues } = cores;
  return {
    platform: sources.platform,
    arch: sources.arch,
    brand: await attempt(async () => brandOf(need(cpuinfo), sources)),
    ...coreValues,
    ...memoryValues,
    container: memoryLimit ?? cpuLimit ?? "none",
    gpu,
    translated: false,
    inContainer: container,
  };
}

type LimitedBy = { readonly limitedBy?: "cgroup1" | "cgroup2" };

async function memoryFacts(
  meminfo: Fact<string>,
  levels: CgroupLevels | undefined,
  sources: HardwareSources,
): Promise<
  Pick<HardwareFacts, "memoryBytes" | "availableMemoryBytes" | "hostMemoryBytes"> & LimitedBy
> {
  const kib = (key: string) => attempt(() => wholeNumber(keyValues(need(meminfo)), key) * KIB);
  const [total, available] = await Promise.all([kib("MemTotal"), kib("MemAvailable")]);
  const allowed = await attempt(async () =>
    levels ? memoryAllowance(levels, sources) : { limitBytes: Infinity, leftBytes: Infinity },
  );
  const limited = total.known && allowed.known && allowed.value.limitBytes < total.value;
  return {
    memoryBytes: await attempt(() => Math.min(need(total), need(allowed).limitBytes)),
    availableMemoryBytes: await attempt(() => Math.min(need(available), need(allowed).leftBytes)),
    ...(limited && { hostMemoryBytes: total.value }),
    ...(limited && levels && { limitedBy: levels.version }),
  };
}

async function coreFacts(
  cpuinfo: Fact<string>,
  levels: CgroupLevels | undefined,
  sources: HardwareSources,
): Promise<
  Pick<HardwareFacts, "usableCores" | "performanceCores" | "efficiencyCores" | "hostCores"> &
    LimitedBy
> {
  const all = await attempt(() => {
    const found = processors(need(cpuinfo));
    if (found.length === 0) throw new Error("/proc/cpuinfo lists no processors");
    return found;
  });
  const allowed = await attempt(async () => (levels ? cpuAllowance(levels, sources) : Infinity));
  // What the scheduler lets this process use; newer versions of Node know the quota too,
  // in whole processors.
  const { parallelism } = sources.os;
  const kinds = await attempt(() => linuxCoreKinds(need(all), sources));
  const host = valueOf(all)?.length ?? parallelism;
  const usable = await attempt(() => Math.min(parallelism, need(allowed)));
  const limited = allowed.known && allowed.value < host;
  return {
    usableCores: usable,
    performanceCores: await attempt(() => need(kinds).performance),
    efficiencyCores: await attempt(() => need(kinds).efficiency),
    ...(limited && { hostCores: host }),
    ...(limited && levels && { limitedBy: levels.version }),
  };
}
