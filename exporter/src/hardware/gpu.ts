import type { Gpu } from "./facts.ts";
import type { HardwareSources } from "./sources.ts";

/**
 * Adds whether the package with node-llama-cpp's binary for the backend is installed. Without it the
 * engine starts on the processor alone, so the graphics processor is of no use to a plan.
 */
export async function withBinary(gpu: Gpu, sources: HardwareSources): Promise<Gpu> {
  const platform = sources.platform === "win32" ? "win" : sources.platform;
  const name = `@node-llama-cpp/${platform}-${sources.arch}-${gpu.backend}`;
  const found = await Promise.all(
    sources.moduleFolders.map((folder) => sources.exists(`${folder}/${name}`)),
  );
  return { ...gpu, binary: found.includes(true) ? "installed" : "missing" };
}

/** Name of the first NVIDIA processor in the driver's own files; undefined when it lists none. */
async function nvidiaDriverName(sources: HardwareSources): Promise<string | undefined> {
  const folder = "/proc/driver/nvidia/gpus";
  const [first] = await sources.list(folder);
  if (first === undefined) return undefined;
  const information = await sources.readFile(`${folder}/${first}/information`);
  return /^Model:\s*(.+?)\s*$/m.exec(information)?.[1];
}

/** Name of the first processor that `nvidia-smi -L` lists; undefined when it is not there. */
export async function nvidiaSmiName(sources: HardwareSources): Promise<string | undefined> {
  // Where the program is missing there is no NVIDIA driver either.
  const listed = await sources.run("nvidia-smi", ["-L"]).catch(() => "");
  return /^GPU 0: (.+?) \(UUID/m.exec(listed)?.[1];
}

const MIB = 2 ** 20;

/** Memory of the first processor, in bytes; undefined when `nvidia-smi` is not there or cannot say. */
async function nvidiaMemory(sources: HardwareSources): Promise<Gpu["memory"]> {
  const query = ["--query-gpu=memory.total,memory.free", "--format=csv,noheader,nounits"];
  const listed = await sources.run("nvidia-smi", query).catch(() => "");
  const [, total, free] = /^(\d+), (\d+)$/m.exec(listed) ?? [];
  return total === undefined
    ? undefined
    : { totalBytes: Number(total) * MIB, freeBytes: Number(free) * MIB };
}

const ICD_FOLDERS = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

/** Mesa's drivers that compute on the processor. */
const SOFTWARE_ICD = /^(lvp|swrast|llvmpipe|vk_swiftshader)/;

/** Identifiers of the PCI registry (pci-ids.ucw.cz). */
const VENDORS: Readonly<Record<string, string>> = {
  "0x1002": "AMD",
  "0x10de": "NVIDIA",
  "0x8086": "Intel",
};

/**
 * The graphics processor of a Linux machine: NVIDIA by its driver, others by a Vulkan driver (ICD)
 * together with a render node that it can open.
 *
 * @returns undefined when there is none
 * @throws Error when an NVIDIA driver is loaded but names no device
 */
export async function linuxGpu(sources: HardwareSources): Promise<Gpu | undefined> {
  const nvidia = (await nvidiaDriverName(sources)) ?? (await nvidiaSmiName(sources));
  if (nvidia !== undefined) {
    const memory = await nvidiaMemory(sources);
    return withBinary({ backend: "cuda", name: nvidia, ...(memory && { memory }) }, sources);
  }
  if (await sources.exists("/proc/driver/nvidia/version")) {
    throw new Error("an NVIDIA driver is loaded, but neither it nor nvidia-smi names a device");
  }
  return vulkanGpu(sources);
}

async function vulkanGpu(sources: HardwareSources): Promise<Gpu | undefined> {
  const drivers = (await Promise.all(ICD_FOLDERS.map((folder) => sources.list(folder)))).flat();
  if (!drivers.some((file) => file.endsWith(".json") && !SOFTWARE_ICD.test(file))) return undefined;
  const node = (await sources.list("/dev/dri")).find((name) => name.startsWith("renderD"));
  if (node === undefined) return undefined;
  const vendor = await sources.readFile(`/sys/class/drm/${node}/device/vendor`).catch(() => "");
  const name = `${VENDORS[vendor.trim()] ?? "Vulkan"} graphics`;
  return withBinary({ backend: "vulkan", name }, sources);
}
