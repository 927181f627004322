import { open } from "node:fs/promises";
import { basename } from "node:path";
import type { Llama, LlamaModel, Token } from "node-llama-cpp";
import type { ModelInfo } from "../scorer.ts";
import type { Head } from "./capi/head.ts";
import { PROBE, requireNumbers, TEXTS } from "./capi/prove.ts";
import { createEncode, type Encoding, type Tokenize } from "./encoder.ts";
import { instructionsFor, readEncoding } from "./encoding.ts";
import { openModel, startLlama } from "./engine.ts";
import { fingerprint } from "./fingerprint.ts";
import type { LoadOptions, Reference } from "./messages.ts";
import { checkGgufHeader, isMapped } from "./model-files.ts";
import { BatchScope, NativeMemory, scoreBatch, type SequenceModel } from "./sequences.ts";
import { ALONE } from "./serve.ts";

/** A loaded model, ready to score. */
export interface LoadedModel extends SequenceModel {
  readonly info: Omit<ModelInfo, "access">;
  readonly tokenize: Tokenize;
  readonly head: Head | undefined;
  readonly memory: NativeMemory;
  /** Whether all weights are numbers of 32 bits, so that only rounding tells two ways apart. */
  readonly exact: boolean;
  /** The release of llama.cpp that evaluates. */
  readonly release: string;
  dispose(): Promise<void>;
}

/** `GGML_TYPE_F32`. */
const F32 = 0;
const F32_BYTES = 4;

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
  const llama = await startLlama(false);
  const isRead = !isMapped(options.file);
  const model = await openModel(llama, {
    modelPath: options.file,
    useMmap: !isRead,
    // Costs a pass over the weights, which for a small model is nothing.
    checkTensors: isRead,
  }).catch(async (error) => {
    await llama.dispose();
    throw error;
  });
  try {
    return await prepare(model, options);
  } catch (error) {
    // A process that ends while the addon holds a model would crash.
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

/** Examines a model: all that the C API needs to know of it, and what it is held against. */
export async function examineModel(options: LoadOptions): Promise<Reference> {
  const model = await loadModel(options);
  const { info, release, encoding, long, empty, exact, head } = model;
  const reference: Reference = {
    ...{ info, release, encoding, empty, exact, head },
    maxTokens: long.maxTokens,
    tokens: TEXTS.map((text) => model.tokenize(text)),
    scores: await scoreBatch(model, PROBE, ALONE),
  };
  await model.dispose();
  requireNumbers(reference.scores);
  return reference;
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

/**
 * Reads the labels' rows of a model's output matrix; models without one of their own use the words'
 * vectors for it.
 *
 * @param file - all its weights must be numbers of 32 bits
 * @returns undefined when there is no such matrix, or the model lies in several files
 */
async function readHead(
  file: string,
  { tensorInfo, splicedParts }: LlamaModel["fileInfo"],
  { positive, negative }: Encoding,
): Promise<Head | undefined> {
  const named = (name: string) => tensorInfo?.find((tensor) => tensor.name === name);
  const matrix = named("output.weight") ?? named("token_embd.weight");
  if (matrix === undefined || splicedParts > 1) return undefined;
  const width = Number(matrix.dimensions[0]);
  await using handle = await open(file);
  const row = async (token: number): Promise<Float32Array> => {
    const values = new Float32Array(width);
    const position = Number(matrix.fileOffset) + token * width * F32_BYTES;
    await handle.read(new Uint8Array(values.buffer), { position });
    return values;
  };
  return { positive: await row(positive), negative: await row(negative) };
}

/** Disposing a model disposes its contexts too. */
async function disposeAll(model: LlamaModel, llama: Llama): Promise<void> {
  await model.dispose();
  await llama.dispose();
}
