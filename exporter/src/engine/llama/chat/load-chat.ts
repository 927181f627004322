import { LlamaChat, type Llama, type LlamaModelOptions } from "node-llama-cpp";
import { HeadroomError } from "../../../errors.ts";
import type { DeviceMemory } from "../../generator.ts";
import { openModel, startLlama } from "../engine.ts";
import { fingerprint } from "../fingerprint.ts";
import { readModel } from "../model-files.ts";
import { generateOn } from "./generate.ts";
import { Lanes } from "./lanes.ts";
import type { ChatLoaded, ChatLoadOptions } from "./messages.ts";

/** A loaded chat model. */
export interface LoadedChat {
  readonly loaded: ChatLoaded;
  readonly lanes: Lanes;
  /** See `Generator.deviceMemory`. */
  deviceMemory(): Promise<DeviceMemory | undefined>;
}

/** Enough to tell the speed of the second and later tokens. */
const WARM_UP_TOKENS = 16;

/**
 * Loads a chat model, evaluates the prompt that requests begin with, and measures its speed.
 *
 * @throws HeadroomError `model_failed` when the file cannot be read or is no chat model
 */
export async function loadChat(options: ChatLoadOptions): Promise<LoadedChat> {
  const architecture = await architectureOf(options.file);
  const llama = await startLlama(options.gpuLayers !== 0);
  // Reading all of a large file takes as long as loading it, and both read the same pages.
  const fingerprinted = fingerprint(
    options.file,
    { ropeScale: options.ropeScale },
    options.hashesIn,
  );
  fingerprinted.catch(() => {});
  const { model, context } = await firstThatFits(layerAttempts(options), (layers) =>
    open(llama, options, architecture, layers),
  );
  const lanes = new Lanes(
    Array.from(
      { length: options.sequences },
      () => new LlamaChat({ contextSequence: context.getSequence() }),
    ),
  );
  return {
    deviceMemory: () => deviceMemoryOf(llama),
    loaded: {
      model: {
        fingerprint: await fingerprinted,
        engine: "llama.cpp",
        architecture,
        gpuLayers: model.gpuLayers,
      },
      speed: await warmUp(lanes, options),
    },
    lanes,
  };
}

/**
 * Memory of the graphics processor that llama.cpp uses. What it shares with the machine, as on a Mac,
 * is the machine's.
 *
 * @returns undefined when none is used, or none that is its own
 */
export async function deviceMemoryOf(
  llama: Pick<Llama, "gpu" | "getVramState">,
): Promise<DeviceMemory | undefined> {
  if (llama.gpu === false) return undefined;
  const { total, used, unifiedSize } = await llama.getVramState();
  const capacityBytes = total - unifiedSize;
  return capacityBytes > 0
    ? { usedBytes: Math.min(used, capacityBytes), capacityBytes }
    : undefined;
}

/** @throws HeadroomError when the file is no chat model, as far as its header tells */
async function architectureOf(file: string): Promise<string> {
  const read = await readModel(file);
  if ("problem" in read) {
    throw new HeadroomError(
      "model_failed",
      `The chat model ${file} ${read.problem}. Set HEADROOM_CHAT_MODEL to another one, or fetch this one again: ` +
        "npm run model -- --help",
    );
  }
  if (!read.metadata.get("tokenizer.chat_template")) {
    throw new HeadroomError(
      "model_failed",
      `${file} is not a chat model: it has no chat template. Give an instruct or chat model.`,
    );
  }
  return String(read.metadata.get("general.architecture"));
}

type Layers = NonNullable<LlamaModelOptions["gpuLayers"]>;

/**
 * How many layers to try on the graphics processor, one after the other: those that are planned, then as
 * many of them as the engine finds room for beside the context, then none.
 */
export function layerAttempts(
  options: Pick<ChatLoadOptions, "gpuLayers" | "contextSize" | "sequences">,
): readonly Layers[] {
  const { gpuLayers, contextSize, sequences } = options;
  if (gpuLayers === 0) return [0];
  const fitContext = { contextSize: contextSize * sequences };
  const planned = gpuLayers === -1 ? "max" : gpuLayers;
  return [planned, { min: 0, ...(gpuLayers > 0 && { max: gpuLayers }), fitContext }, 0];
}

/**
 * The first attempt that does not fail. Drivers say in many ways that memory has run out, so each failure
 * leads to the next attempt.
 *
 * @throws what the last one throws
 */
export async function firstThatFits<T, R>(
  attempts: readonly T[],
  open: (attempt: T) => Promise<R>,
): Promise<R> {
  for (const attempt of attempts.slice(0, -1)) {
    try {
      return await open(attempt);
    } catch (error) {
      console.warn(
        `headroom chat: with the layers ${JSON.stringify(attempt)} on the graphics processor the model ` +
          `could not be loaded, so fewer are tried: ${(error as Error).message}`,
      );
    }
  }
  return open(attempts.at(-1)!);
}

async function open(
  llama: Llama,
  options: ChatLoadOptions,
  architecture: string,
  gpuLayers: Layers,
) {
  const { file, mmap, mlock, ropeScale, contextSize, batchSize, sequences, threads } = options;
  const scaling = { rope: { scaling: { type: "linear", factor: ropeScale } } };
  const model = await openModel(llama, {
    modelPath: file,
    gpuLayers,
    useMmap: mmap,
    useMlock: mlock,
    ...(ropeScale !== 1 && { metadataOverrides: { [architecture]: scaling } }),
  });
  try {
    const context = await model.createContext({ contextSize, batchSize, sequences, threads });
    return { model, context };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

/** Every lane gets the state of the common instructions; the last one's times tell the speed. */
async function warmUp(lanes: Lanes, options: ChatLoadOptions): Promise<ChatLoaded["speed"]> {
  const never = new AbortController().signal;
  const runs = [];
  for (const chat of lanes.all) {
    runs.push(await generateOn(chat, options.warmUp, { maxTokens: WARM_UP_TOKENS, signal: never }));
  }
  const { tokens, prefillSeconds, decodeSeconds } = runs.at(-1)!;
  return {
    prefillTokensPerSecond: tokens.evaluated / prefillSeconds,
    decodeTokensPerSecond: Math.max(1, tokens.output - 1) / decodeSeconds,
  };
}
