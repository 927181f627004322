import type { GpuBackend } from "../../../hardware/facts.ts";
import type { DeviceMemory } from "../../generator.ts";
import type { Native, Pointer } from "./binding.ts";

/** The functions of `ggml-backend.h` that tell of devices, under their own names. */
export interface DeviceBinding {
  ggml_backend_dev_count(): number | bigint;
  ggml_backend_dev_get(index: number): Pointer;
  ggml_backend_dev_name(device: Pointer): string;
  ggml_backend_dev_description(device: Pointer): string;
  ggml_backend_dev_type(device: Pointer): number;
  ggml_backend_dev_memory(device: Pointer, free: Pointer, total: Pointer): void;
  ggml_backend_dev_backend_reg(device: Pointer): Pointer;
  ggml_backend_reg_name(backend: Pointer): string;
}

/** Result and parameters of each, as in `ggml-backend.h`. */
export const DEVICE_SIGNATURES = {
  ggml_backend_dev_count: ["size_t", []],
  ggml_backend_dev_get: ["void *", ["size_t"]],
  ggml_backend_dev_name: ["str", ["void *"]],
  ggml_backend_dev_description: ["str", ["void *"]],
  ggml_backend_dev_type: ["int32_t", ["void *"]],
  ggml_backend_dev_memory: ["void", ["void *", "void *", "void *"]],
  ggml_backend_dev_backend_reg: ["void *", ["void *"]],
  ggml_backend_reg_name: ["str", ["void *"]],
} as const satisfies Readonly<
  Record<keyof DeviceBinding, readonly [result: string, parameters: readonly string[]]>
>;

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

/** All devices, in llama.cpp's order. Those of a backend appear when it has been loaded. */
export function listDevices({
  c,
  allocate,
  free,
}: Pick<Native, "allocate" | "free"> & { readonly c: DeviceBinding }): Device[] {
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
