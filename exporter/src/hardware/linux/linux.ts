import { attempt, need, valueOf } from "../fact.ts";
import type { Fact, HardwareFacts } from "../facts.ts";
import { memoryFacts, readMachineMemory } from "../memory/machine-memory.ts";
import type { HardwareSources } from "../sources.ts";
import { brandOf } from "./brand.ts";
import { cpuAllowance } from "./cgroup-cpu.ts";
import { cgroupLevels, type CgroupLevels } from "./cgroup-levels.ts";
import { linuxCoreKinds } from "./core-kinds.ts";
import { processors } from "./cpuinfo.ts";
import { linuxGpu } from "./gpu.ts";
import { inContainer } from "./in-container.ts";

/** Facts of a Linux machine, and of what its control groups leave to this process. */
export async function detectLinux(sources: HardwareSources): Promise<HardwareFacts> {
  const read = (path: string) => attempt(() => sources.readFile(path));
  const [cpuinfo, membership, memory] = await Promise.all([
    read("/proc/cpuinfo"),
    read("/proc/self/cgroup"),
    readMachineMemory(sources),
  ]);
  // Without control groups in the kernel the file is missing, and nothing is limited.
  const groups = valueOf(membership) ?? "";
  const [cores, gpu, container] = await Promise.all([
    coreFacts(cpuinfo, cgroupLevels(groups, "cpu"), sources),
    attempt(() => linuxGpu(sources)),
    inContainer(sources),
  ]);
  const { limitedBy: cpuLimit, ...coreValues } = cores;
  return {
    platform: sources.platform,
    arch: sources.arch,
    brand: await attempt(async () => brandOf(need(cpuinfo), sources)),
    ...coreValues,
    ...(await memoryFacts(memory)),
    container: valueOf(memory.container)?.version ?? cpuLimit ?? "none",
    gpu,
    translated: false,
    inContainer: container,
  };
}

type LimitedBy = { readonly limitedBy?: "cgroup1" | "cgroup2" };

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
