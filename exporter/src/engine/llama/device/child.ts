import type { DeviceMemory } from "../../generator.ts";
import { ModelProcess } from "../../process/model-process.ts";
import type { DeviceLoadOptions, FromDevice, ToDevice } from "./messages.ts";

/** The process that evaluates a model on a device. */
export class DeviceChild extends ModelProcess<ToDevice, FromDevice> {
  #memory: DeviceMemory | undefined;

  /**
   * Starts the process.
   *
   * @param silenceSeconds - once it has loaded its model it must be heard of within this time, or it is
   * killed
   */
  constructor(options: DeviceLoadOptions, silenceSeconds: number) {
    super({
      source: new URL("./process.ts", import.meta.url),
      bundled: "device",
      // Without it Metal keeps all memory resident, as node-llama-cpp found out and does too.
      env: { GGML_METAL_NO_RESIDENCY: "1" },
    });
    this.onMessage((message) => {
      if (message.type === "alive") this.#memory = message.memory;
      if (message.type === "ready") this.watch(silenceSeconds);
    });
    this.send({ type: "load", options });
  }

  /** Memory of its device, whoever uses it, as told a second ago; undefined when that is the machine's. */
  get memory(): DeviceMemory | undefined {
    return this.pid === undefined ? undefined : this.#memory;
  }
}
