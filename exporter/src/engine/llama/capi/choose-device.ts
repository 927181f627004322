import type { GpuBackend } from "../../../hardware/facts.ts";
import { gpuBackendOf, type Device } from "./devices.ts";

/** Values of `HEADROOM_GPU`: a way to use a graphics processor, whichever there is, or none. */
export const GPU_SETTINGS = ["auto", "off", "metal", "cuda", "vulkan"] as const satisfies readonly (
  "auto" | "off" | GpuBackend
)[];

/** One of {@link GPU_SETTINGS}. */
export type GpuSetting = (typeof GPU_SETTINGS)[number];

/** The device to use, or why there is none, in words that go on after "because". */
export type DeviceChoice =
  { readonly device: Device } | { readonly device: undefined; readonly why: string };

/** Drivers that compute on the processor, which llama.cpp knows how to use better. */
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|software/i;

/**
 * Chooses among the devices that llama.cpp lists. One of its own before one in the processor, then the
 * one with the most memory, then the first. A driver that computes on the processor is taken only when
 * its backend was asked for by name.
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
