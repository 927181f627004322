import { chooseDevice, type GpuSetting } from "./choose-device.ts";
import type { Native } from "./binding.ts";
import { gpuBackendOf, listDevices, type Device } from "./devices.ts";
import type { Library } from "./library.ts";
import { NotProven } from "./not-proven.ts";

/**
 * The device of a library that the setting asks for. Kernels in further folders, such as those for older
 * devices, are loaded when the first ones bring none.
 *
 * A library for the processor plays a device with it, which tests on any machine can use.
 *
 * @throws NotProven when there is none
 */
export function findDevice(
  native: Native,
  { build, backendFolders }: Library,
  setting: GpuSetting,
): Device {
  const [first] = listDevices(native);
  if (build === "cpu" && first) return { ...first, address: null };
  for (const folder of backendFolders.slice(1)) {
    if (listDevices(native).some((device) => gpuBackendOf(device) === build)) break;
    native.c.ggml_backend_load_all_from_path(folder);
  }
  const choice = chooseDevice(listDevices(native), setting);
  if (!choice.device) throw new NotProven(choice.why);
  return choice.device;
}
