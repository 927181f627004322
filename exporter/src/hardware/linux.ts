import { attempt, type Fact, type HardwareFacts, need, valueOf } from "./facts.ts";
import { linuxGpu } from "./gpu.ts";
import { brandOf, linuxCoreKinds, processors } from "./linux-processors.ts";
import { cgroupLevels, type CgroupLevels, cpuAllowance } from "./cgroup.ts";
import { memoryFacts, readMachineMemory } from "./memory/machine-memory.ts";
import type { HardwareSources } from "./sources.ts";

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

/** Files that container runtimes make: Docker, Podman, and Kubernetes for its service account. */
const MARKS = ["/.dockerenv", "/run/.containerenv", "/var/run/secrets/kubernetes.io"];

/**
 * Whether this process runs in a container. Without a mark the group of the first process tells it,
 * unless the container has a namespace of its own for control groups.
 */
async function inContainer(sources: HardwareSources): Promise<boolean> {
  try {
    const marks = await Promise.all(MARKS.map((path) => sources.exists(path)));
    if (marks.includes(true)) return true;
    return /docker|kubepods|containerd|libpod|lxc/.test(await sources.readFile("/proc/1/cgroup"));
  } catch {
    // The file is closed to others on some systems, which are hosts.
    return false;
  }
}
