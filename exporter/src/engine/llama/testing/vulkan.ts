import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chooseDevice, type Device } from "../capi/devices.ts";
import { locateLibrary } from "../capi/library.ts";

/** A Vulkan driver to test with, or why there is none. */
export type VulkanDriver =
  | {
      readonly folder: string | undefined;
      /** Whether what it brings is the processor. */
      readonly software: boolean;
    }
  | { readonly why: string };

/**
 * Looks for llama.cpp's library with Vulkan, in node-llama-cpp's package or the folder that
 * HEADROOM_VULKAN_BUILD names, and for a driver that brings it a device.
 */
export async function vulkanDriver(): Promise<VulkanDriver> {
  const folder = process.env["HEADROOM_VULKAN_BUILD"];
  try {
    await locateLibrary("vulkan", undefined, folder);
  } catch (error) {
    return { why: (error as Error).message };
  }
  const program = fileURLToPath(new URL("../capi/testing/list-devices.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[program, "vulkan"],
    ...(folder === undefined ? [] : [folder]),
  ]);
  const devices = JSON.parse(stdout) as Device[];
  if (!chooseDevice(devices, "vulkan").device) {
    return { why: "no driver brings a Vulkan device; npm run check:vulkan prepares one" };
  }
  return { folder, software: chooseDevice(devices, "auto").device === undefined };
}
