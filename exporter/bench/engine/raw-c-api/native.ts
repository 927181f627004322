import koffi from "koffi";
import {
  BATCH,
  CONTEXT_PARAMS,
  MODEL_PARAMS,
  type StructValue,
} from "../../../src/engine/llama/capi/structs.ts";

/** The few functions of `llama.h` that the loop calls. */
export interface Native {
  llama_model_default_params(): StructValue;
  llama_context_default_params(): StructValue;
  llama_model_load_from_file(path: string, params: StructValue): bigint | null;
  llama_model_free(model: bigint): void;
  llama_model_get_vocab(model: bigint): bigint;
  llama_vocab_n_tokens(vocab: bigint): number;
  llama_init_from_model(model: bigint, params: StructValue): bigint | null;
  llama_free(context: bigint): void;
  llama_get_memory(context: bigint): bigint;
  llama_memory_clear(memory: bigint, data: boolean): void;
  llama_decode(context: bigint, batch: StructValue): number;
  llama_get_logits(context: bigint): bigint;
}

/** Calls the library directly; nothing is checked as in the exporter. */
export function openNative(library: string): Native {
  const [model, context, batch] = [MODEL_PARAMS, CONTEXT_PARAMS, BATCH].map((layout) =>
    koffi.struct({ ...layout }),
  );
  const opened = koffi.load(library);
  const pointer = "void *";
  const func = (name: string, result: unknown, ...parameters: unknown[]) =>
    [name, opened.func(name, result as string, parameters as string[])] as const;
  return Object.fromEntries([
    func("llama_model_default_params", model),
    func("llama_context_default_params", context),
    func("llama_model_load_from_file", pointer, "str", model),
    func("llama_model_free", "void", pointer),
    func("llama_model_get_vocab", pointer, pointer),
    func("llama_vocab_n_tokens", "int32_t", pointer),
    func("llama_init_from_model", pointer, pointer, context),
    func("llama_free", "void", pointer),
    func("llama_get_memory", pointer, pointer),
    func("llama_memory_clear", "void", pointer, "bool"),
    func("llama_decode", "int32_t", pointer, batch),
    func("llama_get_logits", pointer, pointer),
  ]) as unknown as Native;
}

/** Native memory seen as a typed array; it lives as long as the process. */
export function allocate<T>(bytes: number, view: new (memory: ArrayBuffer) => T): [bigint, T] {
  const address = koffi.alloc("uint8_t", bytes) as bigint;
  return [address, new view(koffi.view(address, bytes))];
}

/** Floats that the library owns. */
export function floatsAt(address: bigint, count: number): Float32Array {
  return new Float32Array(koffi.view(address, 4 * count));
}
