/**
 * The process that evaluates a model on a graphics processor. A process and not a thread, because a
 * device that is lost, or out of memory, ends the whole process in llama.cpp, and because a call that
 * hangs in a driver can only be ended with it.
 */
import type { Tell } from "../child-end.ts";
import type { DeviceMemory } from "../generator.ts";
import { openBinding, type Native } from "./capi/binding.ts";
import {
  chooseDevice,
  deviceMemoryOf,
  gpuBackendOf,
  listDevices,
  type Device,
  type GpuSetting,
} from "./capi/devices.ts";
import { locateLibrary, type Library } from "./capi/library.ts";
import { contextOptions, loadByCApi } from "./capi/load-model.ts";
import { measureModel } from "./capi/model-file.ts";
import { fitLayers } from "./capi/placement.ts";
import { NotProven } from "./capi/prove.ts";
import type { DeviceOptions, FromScorer } from "./messages.ts";
import { runScoring, type ScoringModel } from "./serve.ts";

/** Reads how much of the device's memory is in use; nothing until a model is there. */
let memoryNow: () => DeviceMemory | undefined = () => undefined;

async function load(options: DeviceOptions, tell: Tell<FromScorer>): Promise<ScoringModel> {
  const { build, folder, setting, mostBytes = Infinity, proof } = options;
  // To leave the output matrix out llama.cpp would wait for the device at each step.
  const reference = { ...options.reference, head: undefined };
  const library = await locateLibrary(build, undefined, folder);
  const native = await openBinding(library.files.llama, proof?.expected);
  const device = findDevice(native, library, setting);
  const freeBytes = Math.min(device.freeBytes, mostBytes);
  const model = measureModel(native, contextOptions(reference, options));
  const { layers, bytes } = fitLayers(model, freeBytes);
  tell({ type: "fitted", model, freeBytes });
  if (layers === 0) throw new Error("no layer fits into its memory");
  const onDevice = { address: device.address, layers };
  const scoring = await loadByCApi(options, reference, { native, onDevice });
  if (device.address !== null) {
    memoryNow = () => {
      const now = listDevices(native).find((one) => one.name === device.name);
      return now && deviceMemoryOf(now, bytes);
    };
  }
  tell({ type: "alive", memory: memoryNow() });
  return scoring;
}

/**
 * The device of a library that the setting asks for. Kernels in further folders, such as those for older
 * devices, are loaded when the first ones bring none. A library for the processor plays a device with it,
 * which tests on any machine can use.
 *
 * @throws NotProven when there is none
 */
function findDevice(
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

runScoring({ load, memory: () => memoryNow() });
