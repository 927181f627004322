import { ModelProcess } from "../model-process.ts";
import type { ScoreRequest, Scorer } from "../scorer.ts";
import { noDevice, place } from "./capi/placement.ts";
import type { Placement } from "../../hardware/report.ts";
import type { DeviceOptions, Fitted, FromScorer, ToScorer } from "./messages.ts";
import { LlamaScorer } from "./scorer.ts";

/** The process that evaluates a model on a device. */
export type DeviceProcess = ModelProcess<ToScorer<DeviceOptions>, FromScorer>;

/** Starts it, and has it load its model. */
export function startDevice(options: DeviceOptions): DeviceProcess {
  const child: DeviceProcess = new ModelProcess({
    source: new URL("./device-process.ts", import.meta.url),
    bundled: "device",
    // Without it Metal keeps all memory resident, as node-llama-cpp found out and does too.
    env: { GGML_METAL_NO_RESIDENCY: "1" },
  });
  child.send({ type: "load", options });
  return child;
}

/** How a device is tried. */
export interface TrialOptions {
  /** One of those that serve now, for the time that the processor takes. */
  readonly processor: Scorer;
  /** See `PlacementInput`. */
  readonly asked: boolean;
  /** For the whole trial, and for silence once the model is loaded; then the process is killed. */
  readonly limitSeconds: { readonly trial: number; readonly silence: number };
}

/** What came out of it. */
export interface Trial {
  readonly placement: Placement;
  /** Present when the model is placed on the device; else its process has ended. */
  readonly scorer?: LlamaScorer;
}

/**
 * Waits for a process that loads a model on a device and proves its scores, measures it beside the
 * processor, and decides where the model is evaluated. Whatever goes wrong leaves it on the processor.
 */
export async function tryDevice(child: DeviceProcess, options: TrialOptions): Promise<Trial> {
  const { processor, asked, limitSeconds } = options;
  let fitted: Fitted | undefined;
  child.onMessage((message) => {
    if (message.type === "fitted") fitted = message;
  });
  const limit = setTimeout(
    () => child.kill(`it was not ready within ${limitSeconds.trial} s`),
    1000 * limitSeconds.trial,
  );
  try {
    const { model } = await child.first("ready", (why) => new Error(why));
    child.watch(limitSeconds.silence);
    const scorer = new LlamaScorer(child, model);
    const seconds = await compareSpeed(scorer, processor);
    const device = { seconds: seconds.device };
    const placement = place({ ...fitted!, processorSeconds: seconds.processor, device, asked });
    if (placement.on === "device") return { placement, scorer };
    await child.close();
    return { placement };
  } catch (error) {
    const failed = inWords(error);
    child.kill(failed);
    await child.close();
    if (!fitted) return { placement: noDevice(failed) };
    return { placement: place({ ...fitted, processorSeconds: NaN, device: { failed }, asked }) };
  } finally {
    clearTimeout(limit);
  }
}

/** Goes on after "because" or a colon. */
export function inWords(error: unknown): string {
  return (error as Error).message.replace(/\.$/, "");
}

/**
 * A batch as it is served, for the time it takes: as many tokens as the engine evaluates together, of
 * which every fourth message wants the scores of all its prefixes.
 */
const BATCH: readonly ScoreRequest[] = Array.from({ length: 32 }, (_, i) => ({
  text: "the film is long but good really",
  ask: i % 4 === 0 ? "prefixes" : "whole",
}));

/** Few tokens are evaluated by other kernels, which a driver prepares when they are first used. */
const SINGLE: readonly ScoreRequest[] = [{ text: "good", ask: "whole" }];

/** Odd, so that the median is one of them. */
const RUNS = 3;

/**
 * Has both evaluate the same batch, in turn, so that whatever else the machine does slows both. Each
 * does everything once before, so that all is prepared and no first run counts.
 *
 * @returns seconds of a batch: the device's median, and the processor's shortest time: it answers requests
 * meanwhile, and a probe that waited behind them says nothing
 * @throws HeadroomError when one of them fails
 */
async function compareSpeed(
  device: Scorer,
  processor: Scorer,
): Promise<{ readonly device: number; readonly processor: number }> {
  for (const scorer of [device, processor]) {
    await scorer.score(SINGLE);
    await scorer.score(BATCH);
  }
  const seconds = { device: [] as number[], processor: [] as number[] };
  for (let run = 0; run < RUNS; run++) {
    seconds.device.push(await secondsOf(device));
    seconds.processor.push(await secondsOf(processor));
  }
  const median = seconds.device.toSorted((a, b) => a - b)[RUNS >> 1]!;
  return { device: median, processor: Math.min(...seconds.processor) };
}

async function secondsOf(scorer: Scorer): Promise<number> {
  const started = performance.now();
  await scorer.score(BATCH);
  return (performance.now() - started) / 1000;
}
