import type { ModelInfo, Scorer } from "../../scorer.ts";
import { noDevice, place, type Placement } from "../capi/placement.ts";
import { LlamaScorer } from "../llama-scorer.ts";
import type { DeviceChild } from "./child.ts";
import type { Fitted } from "./messages.ts";
import { compareSpeed } from "./probe.ts";

/** How a device is tried. */
export interface TrialOptions {
  /** One of those that serve now, for the time that the processor takes. */
  readonly processor: Scorer;
  /** See `PlacementInput`. */
  readonly asked: boolean;
  /** For everything; then the process is killed. */
  readonly limitSeconds: number;
}

/** What came out of it. */
export interface Trial {
  readonly placement: Placement;
  /** Present when the model is placed on the device; else its process has ended. */
  readonly scorer?: Scorer;
}

/**
 * Waits for a process that loads a model on a device and proves its scores, measures it beside the
 * processor, and decides where the model is evaluated. Whatever goes wrong leaves it on the processor.
 */
export async function tryDevice(child: DeviceChild, options: TrialOptions): Promise<Trial> {
  const { processor, asked, limitSeconds } = options;
  let fitted: Fitted | undefined;
  child.onMessage((message) => {
    if (message.type === "fitted") fitted = message;
  });
  const limit = setTimeout(
    () => child.kill(`it was not ready within ${limitSeconds} s`),
    1000 * limitSeconds,
  );
  try {
    const scorer = new LlamaScorer(child, await whenReady(child));
    const seconds = await compareSpeed(scorer, processor);
    const placement = place({
      model: fitted!.model,
      freeBytes: fitted!.freeBytes,
      processorSeconds: seconds.processor,
      device: { seconds: seconds.device },
      asked,
    });
    if (placement.on === "device") return { placement, scorer };
    await child.close();
    return { placement };
  } catch (error) {
    const failed = inWords(error);
    child.kill(failed);
    await child.close();
    return { placement: withoutDevice(fitted, failed, asked) };
  } finally {
    clearTimeout(limit);
  }
}

/** Goes on after "because" or a colon. */
export function inWords(error: unknown): string {
  return (error as Error).message.replace(/\.$/, "");
}

function withoutDevice(fitted: Fitted | undefined, failed: string, asked: boolean): Placement {
  if (!fitted) return noDevice(failed);
  const { model, freeBytes } = fitted;
  return place({ model, freeBytes, processorSeconds: NaN, device: { failed }, asked });
}

function whenReady(child: DeviceChild): Promise<ModelInfo> {
  return new Promise((resolve, reject) => {
    child.onMessage((message) => {
      if (message.type === "ready") resolve(message.model);
      if (message.type === "refused") reject(new Error(message.why));
    });
    child.onEnd((why) => reject(new Error(why)));
  });
}
