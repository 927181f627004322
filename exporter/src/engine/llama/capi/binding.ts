import { dirname } from "node:path";
import type * as koffi from "koffi";
import { DEVICE_SIGNATURES, type DeviceBinding } from "./devices.ts";
import { NotProven } from "./not-proven.ts";
import {
  BATCH,
  CONTEXT_PARAMS,
  KNOWN_DEFAULTS,
  MODEL_PARAMS,
  PINNED_RELEASE,
  type StructValue,
} from "./structs.ts";

type Koffi = typeof koffi;
type Library = ReturnType<Koffi["load"]>;
type Type = ReturnType<Koffi["struct"]> | string;

/** An address in native memory; `null` where C has a null pointer. */
export type Pointer = bigint | null;

/** The functions of `llama.h` and `ggml-backend.h` that scoring needs, under their own names. */
export interface Binding extends DeviceBinding {
  llama_log_set(callback: Pointer, data: Pointer): void;
  llama_backend_init(): void;
  ggml_backend_load_all_from_path(folder: string): void;
  llama_model_default_params(): StructValue;
  llama_context_default_params(): StructValue;
  llama_model_load_from_file(path: string, params: StructValue): Pointer;
  llama_model_free(model: Pointer): void;
  llama_model_n_ctx_train(model: Pointer): number;
  llama_model_size(model: Pointer): number | bigint;
  llama_model_n_params(model: Pointer): number | bigint;
  llama_model_n_layer(model: Pointer): number;
  llama_model_n_embd(model: Pointer): number;
  llama_model_n_head(model: Pointer): number;
  llama_model_has_encoder(model: Pointer): boolean;
  llama_model_is_recurrent(model: Pointer): boolean;
  llama_model_is_hybrid(model: Pointer): boolean;
  llama_model_is_diffusion(model: Pointer): boolean;
  llama_model_get_vocab(model: Pointer): Pointer;
  llama_vocab_n_tokens(vocab: Pointer): number;
  llama_tokenize(
    vocab: Pointer,
    text: bigint,
    bytes: number,
    tokens: bigint,
    most: number,
    addSpecial: boolean,
    parseSpecial: boolean,
  ): number;
  llama_init_from_model(model: Pointer, params: StructValue): Pointer;
  llama_free(context: Pointer): void;
  llama_state_get_size(context: Pointer): number | bigint;
  llama_get_memory(context: Pointer): Pointer;
  llama_memory_clear(memory: Pointer, data: boolean): void;
  llama_memory_seq_rm(memory: Pointer, sequence: number, from: number, to: number): boolean;
  llama_decode(context: Pointer, batch: StructValue): number;
  llama_get_logits(context: Pointer): Pointer;
  llama_get_embeddings(context: Pointer): Pointer;
  ggml_get_name(tensor: Pointer): string;
}

/** The C API, and the native memory that is handed to it. */
export interface Native {
  readonly c: Binding;
  /** Native memory, seen from JavaScript until it is freed. */
  allocate(bytes: number): { readonly address: bigint; readonly bytes: ArrayBuffer };
  /** Memory that somebody else owns. */
  view(address: Pointer, bytes: number): ArrayBuffer;
  free(address: bigint): void;
  /** Makes a `ggml_backend_sched_eval_callback` of a function. */
  evalCallback(call: (tensor: Pointer, ask: boolean) => boolean): Pointer;
  freeCallback(callback: Pointer): void;
}

/** Result and parameters of each, as in `llama.h`. */
function signatures(
  model: Type,
  context: Type,
  batch: Type,
): Readonly<Record<keyof Binding, readonly [result: Type, parameters: Type[]]>> {
  return {
    llama_log_set: ["void", ["void *", "void *"]],
    llama_backend_init: ["void", []],
    ggml_backend_load_all_from_path: ["void", ["str"]],
    ...(DEVICE_SIGNATURES as unknown as Record<keyof DeviceBinding, readonly [Type, Type[]]>),
    llama_model_default_params: [model, []],
    llama_context_default_params: [context, []],
    llama_model_load_from_file: ["void *", ["str", model]],
    llama_model_free: ["void", ["void *"]],
    llama_model_n_ctx_train: ["int32_t", ["void *"]],
    llama_model_size: ["uint64_t", ["void *"]],
    llama_model_n_params: ["uint64_t", ["void *"]],
    llama_model_n_layer: ["int32_t", ["void *"]],
    llama_model_n_embd: ["int32_t", ["void *"]],
    llama_model_n_head: ["int32_t", ["void *"]],
    llama_model_has_encoder: ["bool", ["void *"]],
    llama_model_is_recurrent: ["bool", ["void *"]],
    llama_model_is_hybrid: ["bool", ["void *"]],
    llama_model_is_diffusion: ["bool", ["void *"]],
    llama_model_get_vocab: ["void *", ["void *"]],
    llama_vocab_n_tokens: ["int32_t", ["void *"]],
    llama_tokenize: [
      "int32_t",
      ["void *", "void *", "int32_t", "void *", "int32_t", "bool", "bool"],
    ],
    llama_init_from_model: ["void *", ["void *", context]],
    llama_free: ["void", ["void *"]],
    llama_state_get_size: ["size_t", ["void *"]],
    llama_get_memory: ["void *", ["void *"]],
    llama_memory_clear: ["void", ["void *", "bool"]],
    llama_memory_seq_rm: ["bool", ["void *", "int32_t", "int32_t", "int32_t"]],
    llama_decode: ["int32_t", ["void *", batch]],
    llama_get_logits: ["void *", ["void *"]],
    llama_get_embeddings: ["void *", ["void *"]],
    ggml_get_name: ["str", ["void *"]],
  };
}

/** What a library must say of itself before it is called; tests give other values. */
export interface Expected {
  readonly version: string;
  readonly defaults: Readonly<Record<"model" | "context", StructValue>>;
}

/** What the release says whose header the structs were written down from. */
export const EXPECTED: Expected = { version: PINNED_RELEASE.version, defaults: KNOWN_DEFAULTS };

/**
 * Opens llama.cpp's library with the processor's kernels beside it, and proves that its structs are laid
 * out as we write them.
 *
 * Its log goes nowhere: what a load fails of is told by node-llama-cpp, which then loads the model.
 *
 * @throws NotProven with the first thing that is not as expected
 */
export async function openBinding(file: string, expected: Expected = EXPECTED): Promise<Native> {
  const koffi = await loadKoffi();
  const library = openLibrary(koffi, file);
  const version = call<string>(library, "llama_version", "str");
  if (version !== expected.version) {
    throw new NotProven(`its library is version ${version}, and ${expected.version} is known`);
  }
  const [model, context, batch] = [MODEL_PARAMS, CONTEXT_PARAMS, BATCH].map((layout) =>
    koffi.struct(layout),
  ) as [Type, Type, Type];
  const evalCallback = koffi.proto("bool", ["void *", "bool", "void *"]);
  const c = Object.fromEntries(
    Object.entries(signatures(model, context, batch)).map(([name, [result, parameters]]) => [
      name,
      bind(library, name, result, parameters),
    ]),
  ) as unknown as Binding;
  checkDefaults("model", c.llama_model_default_params(), expected);
  checkDefaults("context", c.llama_context_default_params(), expected);
  // The log is global to the process and told on any thread, so it must not end in JavaScript, whose
  // thread may be gone: a function of the library that only returns a number takes it and does nothing.
  c.llama_log_set(library.symbol("llama_max_devices") as bigint, null);
  // Kernels are global too: another worker or node-llama-cpp may have registered them.
  if (Number(c.ggml_backend_dev_count()) === 0) {
    c.ggml_backend_load_all_from_path(dirname(file));
    c.llama_backend_init();
  }
  if (Number(c.ggml_backend_dev_count()) === 0) {
    throw new NotProven(`there are no kernels for this processor in ${dirname(file)}`);
  }
  return {
    c,
    allocate: (bytes) => {
      const address = koffi.alloc("uint8_t", bytes) as bigint;
      return { address, bytes: koffi.view(address, bytes) };
    },
    view: (address, bytes) => koffi.view(address, bytes),
    free: (address) => koffi.free(address),
    evalCallback: (call) => koffi.register(call, koffi.pointer(evalCallback)),
    freeCallback: (callback) => koffi.unregister(callback as bigint),
  };
}

/** koffi has no binary for some platforms, and then node-llama-cpp must still serve. */
async function loadKoffi(): Promise<Koffi> {
  try {
    return (await import("koffi")).default as unknown as Koffi;
  } catch (error) {
    throw new NotProven(`koffi cannot be loaded: ${(error as Error).message.split("\n", 1)[0]}`);
  }
}

function openLibrary(koffi: Koffi, file: string): Library {
  try {
    return koffi.load(file);
  } catch (error) {
    throw new NotProven(`its library cannot be opened: ${(error as Error).message}`);
  }
}

function bind(
  library: Library,
  name: string,
  result: Type,
  parameters: Type[],
): (...args: unknown[]) => unknown {
  try {
    return library.func(name, result, parameters);
  } catch {
    throw new NotProven(`its library has no function ${name}`);
  }
}

function call<T>(library: Library, name: string, result: Type): T {
  return bind(library, name, result, [])() as T;
}

function checkDefaults(struct: "model" | "context", found: StructValue, expected: Expected): void {
  for (const [field, value] of Object.entries(expected.defaults[struct])) {
    if (found[field] === value) continue;
    throw new NotProven(
      `its ${struct} parameters have ${String(found[field])} for ${field}, and ${String(value)} is known`,
    );
  }
}
