import {
  getLlama,
  LlamaChat,
  LlamaLogLevel,
  readGgufFileInfo,
  type GgufFileInfo,
  type Llama,
  type LlamaModel,
} from "node-llama-cpp";
import { HeadroomError } from "../../../errors.ts";
import { fingerprint } from "../fingerprint.ts";
import { ggufProblem } from "../model-files.ts";
import type { DeviceMemory } from "../../generator.ts";
import type { ChatLoaded, ChatLoadOptions } from "./messages.ts";
import { generateOn } from "./generate.ts";
import { Lanes } from "./lanes.ts";

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
  await requireGguf(options.file);
  const info = await readGgufFileInfo(options.file, { logWarnings: false });
  requireChatTemplate(info, options.file);
  const llama = await getLlama({
    build: "never",
    gpu: options.gpuLayers === 0 ? false : "auto",
    skipDownload: true,
    logLevel: LlamaLogLevel.error,
  });
  // Reading all of a large file takes as long as loading it, and both read the same pages.
  const fingerprinted = fingerprint(
    options.file,
    { ropeScale: options.ropeScale },
    options.hashesIn,
  );
  fingerprinted.catch(() => {});
  const model = await openModel(llama, options, info);
  const context = await model.createContext({
    contextSize: options.contextSize,
    batchSize: options.batchSize,
    sequences: options.sequences,
    threads: options.threads,
  });
  const lanes = new Lanes(
    Array.from(
      { length: options.sequences },
      () => new LlamaChat({ contextSequence: context.getSequence() }),
    ),
  );
  const deviceMemory = () => deviceMemoryOf(llama);
  return {
    deviceMemory,
    loaded: {
      hasDeviceMemory: (await deviceMemory()) !== undefined,
      model: {
        fingerprint: await fingerprinted,
        engine: "llama.cpp",
        architecture: info.metadata.general.architecture,
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

async function requireGguf(file: string): Promise<void> {
  const problem = await ggufProblem(file);
  if (problem === undefined) return;
  throw new HeadroomError(
    "model_failed",
    `The chat model ${file} ${problem}. Set HEADROOM_CHAT_MODEL to another one, or fetch this one again: ` +
      "npm run model -- --help",
  );
}

function requireChatTemplate(info: GgufFileInfo, file: string): void {
  if (info.metadata.tokenizer?.chat_template) return;
  throw new HeadroomError(
    "model_failed",
    `${file} is not a chat model: it has no chat template. Give an instruct or chat model.`,
  );
}

async function openModel(
  llama: Llama,
  options: ChatLoadOptions,
  info: GgufFileInfo,
): Promise<LlamaModel> {
  const { file, gpuLayers, mmap, mlock, ropeScale } = options;
  const scaling = { rope: { scaling: { type: "linear", factor: ropeScale } } };
  try {
    return await llama.loadModel({
      modelPath: file,
      gpuLayers: gpuLayers === -1 ? "max" : gpuLayers,
      useMmap: mmap,
      useMlock: mlock,
      ...(ropeScale !== 1 && {
        metadataOverrides: { [info.metadata.general.architecture]: scaling },
      }),
    });
  } catch (cause) {
    throw new HeadroomError(
      "model_failed",
      `${file} could not be loaded as a GGUF model: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Every lane gets the state of the common instructions; the last one's times tell the speed. */
async function warmUp(lanes: Lanes, options: ChatLoadOptions): Promise<ChatLoaded["speed"]> {
  const never = new AbortController().signal;
  const runs = [];
  for (const chat of lanes.all) {
    runs.push(
      await generateOn(chat, options.warmUp, {
        maxTokens: WARM_UP_TOKENS,
        signal: never,
        onText: () => {},
      }),
    );
  }
  const { tokens, prefillSeconds, decodeSeconds } = runs.at(-1)!;
  return {
    prefillTokensPerSecond: tokens.evaluated / prefillSeconds,
    decodeTokensPerSecond: Math.max(1, tokens.output - 1) / decodeSeconds,
  };
}
