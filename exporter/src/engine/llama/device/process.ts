/**
 * The process that evaluates a model on a graphics processor. A process and not a thread, because a
 * device that is lost, or out of memory, ends the whole process in llama.cpp, and because a call that
 * hangs in a driver can only be ended with it.
 */
import type { DeviceMemory } from "../../generator.ts";
import { childEnd } from "../../process/child-end.ts";
import { openBinding } from "../capi/binding.ts";
import { deviceMemoryOf, listDevices } from "../capi/devices.ts";
import { findDevice } from "../capi/find-device.ts";
import { fitLayers } from "../capi/fit-layers.ts";
import { locateLibrary } from "../capi/library.ts";
import { measureModel } from "../capi/measure-model.ts";
import { contextOptions } from "../capi/open-trees.ts";
import { byCApi } from "../load-scoring.ts";
import type { ToWorker } from "../messages.ts";
import { serve } from "../serve.ts";
import type { DeviceLoadOptions, FromDevice, ToDevice } from "./messages.ts";

/** Reads how much of the device's memory is in use; undefined until a model is there. */
let memoryNow: (() => DeviceMemory | undefined) | undefined;
const send = childEnd<FromDevice>(() => ({ type: "alive", memory: memoryNow?.() }));
let answer: ((message: ToWorker) => void) | undefined;

async function load(options: DeviceLoadOptions): Promise<void> {
  const { wish, proof } = options;
  // To leave the output matrix out llama.cpp would wait for the device at each step.
  const reference = { ...options.reference, head: undefined };
  const library = await locateLibrary(wish.build, undefined, wish.folder);
  const native = await openBinding(library.files.llama, proof?.expected);
  const device = findDevice(native, library, wish.setting);
  const freeBytes = Math.min(device.freeBytes, wish.mostBytes ?? Infinity);
  const model = measureModel(native, contextOptions(reference, options));
  const { layers, bytes } = fitLayers(model, freeBytes);
  send({ type: "fitted", device: device.description, model, freeBytes, layers });
  if (layers === 0) throw new Error("no layer fits into its memory");
  const onDevice = { address: device.address, layers };
  const scoring = await byCApi(options, reference, { native, onDevice });
  if (device.address !== null) {
    memoryNow = () => {
      const now = listDevices(native).find((one) => one.name === device.name);
      return now && deviceMemoryOf(now, bytes);
    };
  }
  send({ type: "alive", memory: memoryNow?.() });
  answer = serve(scoring, { post: send, close: () => process.exit(0) });
}

process.on("message", (message: ToDevice) => {
  if (message.type !== "load") return answer?.(message);
  load(message.options).catch((error: Error) =>
    send({ type: "refused", why: error.message }, () => process.exit(0)),
  );
});
