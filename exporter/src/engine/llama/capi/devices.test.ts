import { describe, expect, it } from "@jest/globals";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  chooseDevice,
  deviceMemoryOf,
  gpuBackendOf,
  sharesMemory,
  type Device,
  type GpuSetting,
} from "./devices.ts";
import { APPLE, CUDA, LLVMPIPE, PROCESSOR, RADEON } from "./testing/recorded-devices.ts";

const named = (devices: readonly Device[], name: string) =>
  devices.find((device) => device.name === name)!;

describe("listing devices", () => {
  it("finds the processor of this machine", async () => {
    const script = fileURLToPath(new URL("testing/list-devices.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script, "cpu"], {
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    const devices = JSON.parse(stdout) as Device[];
    const { description, totalBytes, freeBytes } = devices.find(({ type }) => type === "cpu")!;
    expect(description).not.toBe("");
    expect(totalBytes).toBeGreaterThan(2 ** 28);
    expect(freeBytes).toBeLessThanOrEqual(totalBytes);
    expect(devices.find(({ backend }) => backend === "CPU")!.name).toBe("CPU");
  });
});

describe("choosing a device", () => {
  it.each<[what: string, devices: readonly Device[], setting: GpuSetting, name: string]>([
    ["Metal on Apple Silicon", APPLE, "auto", "MTL0"],
    ["Metal by its name", APPLE, "metal", "MTL0"],
    ["the CUDA device with the most memory", CUDA, "auto", "CUDA1"],
    ["a device of its own before one in the processor", RADEON, "auto", "Vulkan1"],
    ["the one in the processor when there is no other", [RADEON[0]!], "auto", "Vulkan0"],
    ["a driver on the processor when it is asked for", LLVMPIPE, "vulkan", "Vulkan0"],
    ["the backend that is asked for", [...CUDA, ...RADEON], "vulkan", "Vulkan1"],
  ])("takes %s", (_, devices, setting, name) => {
    expect(chooseDevice(devices, setting)).toEqual({ device: named(devices, name) });
  });

  it.each<[devices: readonly Device[], setting: GpuSetting, why: string]>([
    [APPLE, "off", "graphics processors are turned off"],
    [PROCESSOR, "auto", "llama.cpp finds no graphics processor, only CPU (AMD EPYC)"],
    [
      LLVMPIPE,
      "auto",
      "llama.cpp finds no graphics processor, only Vulkan0 (llvmpipe (LLVM 15.0.6, 256 bits)), " +
        "CPU (AMD EPYC)",
    ],
    [PROCESSOR, "cuda", "llama.cpp finds no device for cuda, only CPU (AMD EPYC)"],
    [[], "metal", "llama.cpp finds no device for metal, nor any other"],
  ])("says why it takes none (%#)", (devices, setting, why) => {
    expect(chooseDevice(devices, setting)).toEqual({ device: undefined, why });
  });

  it("never takes what only helps the processor", () => {
    expect(APPLE.map(gpuBackendOf)).toEqual([undefined, "metal", undefined]);
  });
});

describe("the memory of a device", () => {
  it("is the machine's on a Mac and in a processor with graphics", () => {
    for (const device of [named(APPLE, "MTL0"), named(RADEON, "Vulkan0")]) {
      expect(sharesMemory(device)).toBe(true);
      expect(deviceMemoryOf(device, 5)).toBeUndefined();
    }
  });

  it("is what its driver says is in use", () => {
    const { totalBytes, freeBytes } = named(CUDA, "CUDA1");
    expect(deviceMemoryOf(named(CUDA, "CUDA1"), 5)).toEqual({
      usedBytes: totalBytes - freeBytes,
      capacityBytes: totalBytes,
    });
  });

  it("is at least our own, where the driver cannot tell", () => {
    const device = named(LLVMPIPE, "Vulkan0");
    expect(deviceMemoryOf(device, 5e6)!.usedBytes).toBe(5e6);
    expect(deviceMemoryOf(device, 5e9)!.usedBytes).toBe(device.totalBytes);
  });

  it("is not known of one that cannot be asked any more", () => {
    const gone = { ...named(CUDA, "CUDA0"), freeBytes: 0, totalBytes: 0 };
    expect(deviceMemoryOf(gone, 5e6)).toBeUndefined();
  });
});
