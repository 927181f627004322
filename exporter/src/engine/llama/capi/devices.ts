import type { GpuBackend } from "../../../hardware/facts.ts";
import type { DeviceMemory } from "../../generator.ts";
import type { Native, Pointer } from "./binding.ts";

/** Values of `HEADROOM_GPU`: a way to use a graphics processor, whichever there is, or none. */
export const GPU_SETTINGS = ["auto", "off", "metal", "cuda", "vulkan"] as const satisfies readonly (
  "auto" | "off" | GpuBackend
)[];

/** One of {@link GPU_SETTINGS}. */
export type GpuSetting = (typeof GPU_SETTINGS)[number];

/** What ggml calls a kind of device; `igpu` is one in the processor, `accel` a library such as BLAS. */
export type DeviceType = "cpu" | "gpu" | "igpu" | "accel" | "meta";

/** A device that llama.cpp can compute on. */
export interface Device {
  /** `ggml_backend_dev_t`, for `llama_model_params.devices`. */
  readonly address: Pointer;
  /** Such as `CUDA0`. */
  readonly name: string;
  /** Its maker's name for it. */
  readonly description: string;
  readonly type: DeviceType;
  /** What the backend calls itself: `CPU`, `BLAS`, `MTL`, `CUDA`, `Vulkan`. */
  readonly backend: string;
  /** Memory for programs, in bytes. A Vulkan driver that cannot tell says that all of it is free. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** `enum ggml_backend_dev_type`. */
const TYPES: readonly DeviceType[] = ["cpu", "gpu", "igpu", "accel", "meta"];

/** What the backends of graphics processors call themselves. */
const BACKENDS: Readonly<Record<string, GpuBackend>> = {
  MTL: "metal",
  CUDA: "cuda",
  Vulkan: "vulkan",
};

/** Drivers that compute on the processor, which llama.cpp knows how to use better. */
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|software/i;

/** All devices, in llama.cpp's order. Those of a backend appear when it has been loaded. */
export function listDevices({ c, allocate, free }: Native): Device[] {
  const sizes = allocate(2 * BigUint64Array.BYTES_PER_ELEMENT);
  const [freeAt, totalAt] = [sizes.address, sizes.address + 8n];
  const values = new BigUint64Array(sizes.bytes);
  try {
    return Array.from({ length: Number(c.ggml_backend_dev_count()) }, (_, i) => {
      const address = c.ggml_backend_dev_get(i);
      c.ggml_backend_dev_memory(address, freeAt, totalAt);
      return {
        address,
        name: c.ggml_backend_dev_name(address),
        description: c.ggml_backend_dev_description(address),
        type: TYPES[c.ggml_backend_dev_type(address)] ?? "meta",
        backend: c.ggml_backend_reg_name(c.ggml_backend_dev_backend_reg(address)),
        freeBytes: Number(values[0]),
        totalBytes: Number(values[1]),
      };
    });
  } finally {
    free(sizes.address);
  }
}

/** The way in which a device is used; undefined for what is no graphics processor that we know. */
export function gpuBackendOf({ type, backend }: Device): GpuBackend | undefined {
  return type === "gpu" || type === "igpu" ? BACKENDS[backend] : undefined;
}

/** Whether its memory is the machine's, as on a Mac and in a processor with graphics. */
export function sharesMemory(device: Device): boolean {
  return device.type === "igpu" || gpuBackendOf(device) === "metal";
}

/**
 * Memory of a device for the scope of its own. What it shares with the machine is the machine's.
 *
 * @param ownBytes - what we put there: the least that is in use where the driver cannot tell
 * @returns undefined when it has none of its own, or cannot be asked
 */
export function deviceMemoryOf(device: Device, ownBytes: number): DeviceMemory | undefined {
  const { freeBytes, totalBytes } = device;
  if (sharesMemory(device) || totalBytes === 0) return undefined;
  const usedBytes = Math.min(totalBytes, Math.max(totalBytes - freeBytes, ownBytes));
  return { usedBytes, capacityBytes: totalBytes };
}

/** The device to use, or why there is none, in words that go on after "because". */
export type DeviceChoice =
  { readonly device: Device } | { readonly device: undefined; readonly why: string };

/**
 * Chooses among the devices that llama.cpp lists: one of its own before one in the processor, then the one
 * with the most memory, then the first. A driver that computes on the processor is taken only when its
 * backend was asked for by name.
 */
export function chooseDevice(devices: readonly Device[], setting: GpuSetting): DeviceChoice {
  if (setting === "off") return { device: undefined, why: "graphics processors are turned off" };
  const graphics = devices.filter((device) => {
    const backend = gpuBackendOf(device);
    if (setting !== "auto") return backend === setting;
    return backend !== undefined && !SOFTWARE.test(device.description);
  });
  const [best] = graphics.toSorted(
    (a, b) => Number(a.type === "igpu") - Number(b.type === "igpu") || b.totalBytes - a.totalBytes,
  );
  if (best) return { device: best };
  const wanted = setting === "auto" ? "graphics processor" : `device for ${setting}`;
  const found = devices.map(({ name, description }) => `${name} (${description})`).join(", ");
  return {
    device: undefined,
    why: `llama.cpp finds no ${wanted}, ${found ? `only ${found}` : "nor any other"}`,
  };
}
