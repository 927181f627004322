import type { Scorer } from "../../scorer.ts";
import { inWords } from "./trial.ts";

/**
 * Scorers that answer from a device while there is one, and from the processor before and after: what
 * the device fails, the processor answers in its place.
 */
export class DeviceFirst {
  /** One for each of the processor's. */
  readonly scorers: readonly Scorer[];
  readonly #processors: readonly Scorer[];
  readonly #onLost: (why: string) => void;
  #device: Scorer | undefined;

  /** @param onLost - is told once why a device is used no more */
  constructor(processors: readonly Scorer[], onLost: (why: string) => void) {
    this.#processors = processors;
    this.#onLost = onLost;
    this.scorers = processors.map((processor) => this.#wrap(processor));
  }

  /** Has a device answer from now on. */
  use(device: Scorer): void {
    this.#device = device;
  }

  /** Has the processor answer from now on, and frees the device; nothing when none is used. */
  leave(why: string): void {
    const device = this.#device;
    if (!device) return;
    this.#device = undefined;
    this.#onLost(why);
    void device.close();
  }

  /** Frees device and processor. */
  async close(): Promise<void> {
    const device = this.#device;
    this.#device = undefined;
    await Promise.all([device, ...this.#processors].map((scorer) => scorer?.close()));
  }

  #wrap(processor: Scorer): Scorer {
    const score: Scorer["score"] = async (requests, options) => {
      const device = this.#device;
      if (device) {
        try {
          return await device.score(requests, options);
        } catch (error) {
          options?.signal?.throwIfAborted();
          this.leave(inWords(error));
        }
      }
      return processor.score(requests, options);
    };
    const failure = () => (this.#device ? undefined : processor.failure);
    return {
      model: processor.model,
      get failure() {
        return failure();
      },
      get restarting() {
        return processor.restarting ?? false;
      },
      onChange: (listener) => processor.onChange?.(listener),
      score,
      close: () => processor.close(),
    };
  }
}
