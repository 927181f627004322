import { basename } from "node:path";
import { getLlama, LlamaLogLevel, type Llama, type LlamaModel, type Token } from "node-llama-cpp";
import { HeadroomError } from "../../errors.ts";
import type { ModelInfo } from "../scorer.ts";
import { BatchScope } from "./batch-scope.ts";
import { fingerprint } from "./fingerprint.ts";
import { checkGgufHeader, isMapped } from "./model-files.ts";
import type { Head } from "./capi/head.ts";
import { createEncode, type Encode, type Encoding, type Tokenize } from "./encoder.ts";
import { readEncoding } from "./encoding.ts";
import { NativeMemory } from "./native-memory.ts";
import { readHead } from "./read-head.ts";
import { instructionsFor, type ConfiguredInstructions } from "./instructions.ts";

/** What a worker needs to load a model. */
export interface LoadOptions {
  /** Path of a GGUF file. */
  readonly file: string;
  /** Overrides the name that the file carries. */
  readonly id?: string | undefined;
  readonly instructions: ConfiguredInstructions;
  /** Processor threads for one evaluation; 1 is best for models below some 10 million weights. */
  readonly threads: number;
  /** Folder that keeps the hashes of model files; without it they are calculated each time. */
  readonly hashesIn?: string | undefined;
}

/** A loaded model, ready to score. */
export interface LoadedModel {
  readonly info: Omit<ModelInfo, "access">;
  readonly encoding: Encoding;
  readonly encode: Encode;
  readonly tokenize: Tokenize;
  readonly head: Head | undefined;
  /** Many short sequences at once. */
  readonly short: { readonly scope: BatchScope; readonly maxTokens: number };
  /** One long sequence. */
  readonly long: { readonly scope: BatchScope; readonly maxTokens: number };
  /** Score of a message without words, in nats. */
  readonly empty: number;
  readonly memory: NativeMemory;
  /** Whether all weights are numbers of 32 bits, so that only rounding tells two ways apart. */
  readonly exact: boolean;
  /** The release of llama.cpp that evaluates. */
  readonly release: string;
  dispose(): Promise<void>;
}

/** `GGML_TYPE_F32`. */
const F32 = 0;

/**
 * Most messages fit into 128 tokens, so 32 such sequences share a context; more of them bought no
 * speed. A message of 4,096 characters has at most 2,048 words, which the long one holds.
 */
const SHORT = { sequences: 32, contextSize: 128, batchSize: 512 };
const LONG = { sequences: 1, contextSize: 4_352, batchSize: 512 };

/**
 * Loads a GGUF file and prepares its contexts.
 *
 * @throws HeadroomError `model_failed` when the file cannot be read, is no model, or cannot be asked
 */
export async function loadModel(options: LoadOptions): Promise<LoadedModel> {
  await checkGgufHeader(options.file);
  const llama = await getLlama({
    build: "never",
    gpu: false,
    skipDownload: true,
    logLevel: LlamaLogLevel.error,
  });
  const model = await openModel(llama, options.file).catch(async (error) => {
    await llama.dispose();
    throw error;
  });
  try {
    return await prepare(model, options);
  } catch (error) {
    // A thread that ends while the addon holds a model would end the whole process.
    await disposeAll(model, llama);
    throw error;
  }
}

async function prepare(model: LlamaModel, options: LoadOptions): Promise<LoadedModel> {
  const { metadata } = model.fileInfo;
  const instructions = instructionsFor(
    metadata as unknown as Record<string, unknown>,
    options.instructions,
  );
  const encoding = readEncoding(model, instructions);
  const tokenize = (text: string) => model.tokenize(text);
  const exact = model.fileInfo.tensorInfo?.every(({ ggmlType }) => ggmlType === F32) ?? true;
  const vocabulary = metadata.tokenizer.ggml.tokens.length;
  const memory = new NativeMemory(vocabulary);
  const labels = [encoding.positive as Token, encoding.negative as Token] as const;

  const open = async (shape: typeof SHORT) => {
    const contextSize = Math.min(shape.contextSize, model.trainContextSize);
    const context = await model.createContext({
      ...shape,
      contextSize,
      threads: options.threads,
      // On the processor it rounds by how many tokens are evaluated together: to 1e-3 instead of 1e-6.
      flashAttention: false,
    });
    const scope = new BatchScope(context, labels, memory);
    return { scope, maxTokens: contextSize, bytes: context.stateSize };
  };
  const short = await open(SHORT);
  const long = await open(LONG);
  return {
    info: {
      id: options.id ?? nameOf(model, options.file),
      fingerprint: await fingerprint(options.file, instructions, options.hashesIn),
      engine: "llama.cpp",
      architecture: metadata.general.architecture,
      memoryBytes: model.size + short.bytes + long.bytes,
    },
    encoding,
    encode: createEncode(encoding, tokenize),
    tokenize,
    // Only there does the proof tell rounding from a model that does more after the output matrix.
    head: exact ? await readHead(options.file, model.fileInfo, encoding) : undefined,
    memory,
    short,
    long,
    empty: await scoreOfNothing(encoding, short.scope),
    exact,
    release: model.llama.llamaCppRelease.release,
    dispose: () => disposeAll(model, model.llama),
  };
}

async function openModel(llama: Llama, file: string): Promise<LlamaModel> {
  try {
    return await llama.loadModel({
      modelPath: file,
      useMmap: isMapped(file),
      // Costs a pass over the weights, which for a small model is nothing.
      checkTensors: !isMapped(file),
    });
  } catch (cause) {
    throw new HeadroomError(
      "model_failed",
      `${file} could not be loaded as a GGUF model: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function nameOf(model: LlamaModel, file: string): string {
  const name = model.fileInfo.metadata.general.name ?? basename(file, ".gguf");
  return name.toLowerCase().replace(/[^a-z0-9.]+/g, "-");
}

async function scoreOfNothing({ frame }: Encoding, scope: BatchScope): Promise<number> {
  const tokens = [...frame.before, ...frame.after];
  // A model without any token around the words has nothing to say about none.
  if (tokens.length === 0) return 0;
  const [scores] = await scope.run([{ tokens, reads: [tokens.length - 1] }], () => {});
  return scores![0]!;
}

/** Disposing a model disposes its contexts too. */
async function disposeAll(model: LlamaModel, llama: Llama): Promise<void> {
  await model.dispose();
  await llama.dispose();
}
