import type { Device } from "../devices.ts";

const GIB = 2 ** 30;

const device = (some: Omit<Device, "address">): Device => ({ address: 1n, ...some });

const EPYC = device({
  name: "CPU",
  description: "AMD EPYC",
  type: "cpu",
  backend: "CPU",
  freeBytes: 25_276_502_016,
  totalBytes: 25_276_502_016,
});

/** Recorded: the package linux-x64, and linux-x64-vulkan where a driver brings nothing. */
export const PROCESSOR: readonly Device[] = [EPYC];

/** Recorded with Mesa 22.3.6: what computes on the processor calls itself a graphics processor. */
export const LLVMPIPE: readonly Device[] = [
  device({
    name: "Vulkan0",
    description: "llvmpipe (LLVM 15.0.6, 256 bits)",
    type: "gpu",
    backend: "Vulkan",
    freeBytes: 2_147_483_648,
    totalBytes: 2_147_483_648,
  }),
  EPYC,
];

/** Composed, as are those below: names and types are as llama.cpp's source writes them. */
export const APPLE: readonly Device[] = [
  device({
    name: "BLAS",
    description: "Accelerate",
    type: "accel",
    backend: "BLAS",
    freeBytes: 0,
    totalBytes: 0,
  }),
  device({
    name: "MTL0",
    description: "Apple M4 Pro",
    type: "gpu",
    backend: "MTL",
    freeBytes: 35 * GIB,
    totalBytes: 36 * GIB,
  }),
  { ...EPYC, description: "Apple M4 Pro" },
];

/** A server with a large device that is in use, and one that is free. */
export const CUDA: readonly Device[] = [
  device({
    name: "CUDA0",
    description: "NVIDIA L4",
    type: "gpu",
    backend: "CUDA",
    freeBytes: 22 * GIB,
    totalBytes: 23 * GIB,
  }),
  device({
    name: "CUDA1",
    description: "NVIDIA H200",
    type: "gpu",
    backend: "CUDA",
    freeBytes: 139 * GIB,
    totalBytes: 140 * GIB,
  }),
  EPYC,
];

/** A desktop: the processor's own graphics come first, with more memory, which is the machine's. */
export const RADEON: readonly Device[] = [
  device({
    name: "Vulkan0",
    description: "AMD Radeon Graphics (RADV RAPHAEL_MENDOCINO)",
    type: "igpu",
    backend: "Vulkan",
    freeBytes: 30 * GIB,
    totalBytes: 32 * GIB,
  }),
  device({
    name: "Vulkan1",
    description: "AMD Radeon RX 7800 XT (RADV NAVI32)",
    type: "gpu",
    backend: "Vulkan",
    freeBytes: 15 * GIB,
    totalBytes: 16 * GIB,
  }),
  EPYC,
];
