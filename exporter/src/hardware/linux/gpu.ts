import { nvidiaDriverName, nvidiaMemory, nvidiaSmiName } from "../nvidia.ts";
import type { Gpu } from "../facts.ts";
import { withBinary } from "../gpu-binary.ts";
import type { HardwareSources } from "../sources.ts";

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
