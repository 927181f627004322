import { dirname } from "node:path";
import type * as koffi from "koffi";
import { NotProven } from "./prove.ts";
import {
  BATCH,
  CONTEXT_PARAMS,
  KNOWN_DEFAULTS,
  MODEL_PARAMS,
  PINNED_RELEASE,
  type StructValue,
} from "./structs.ts";

type Koffi = typeof koffi;
type Type = ReturnType<Koffi["struct"]> | string;

/** An address in native memory; `null` where C has a null pointer. */
export type Pointer = bigint | null;

/** What values of C's types are in JavaScript. */
interface Values {
  readonly void: void;
  readonly bool: boolean;
  readonly str: string;
  readonly int32_t: number;
  readonly size_t: number | bigint;
  readonly uint64_t: number | bigint;
  readonly "void *": Pointer;
  readonly llama_model_params: StructValue;
  readonly llama_context_params: StructValue;
  readonly llama_batch: StructValue;
}

/** The functions of `llama.h` and `ggml-backend.h` that scoring needs: their result, then their parameters. */
const FUNCTIONS = {
  llama_log_set: ["void", "void *", "void *"],
  llama_backend_init: ["void"],
  ggml_backend_load_all_from_path: ["void", "str"],
  ggml_backend_dev_count: ["size_t"],
  ggml_backend_dev_get: ["void *", "size_t"],
  ggml_backend_dev_name: ["str", "void *"],
  ggml_backend_dev_description: ["str", "void *"],
  ggml_backend_dev_type: ["int32_t", "void *"],
  ggml_backend_dev_memory: ["void", "void *", "void *", "void *"],
  ggml_backend_dev_backend_reg: ["void *", "void *"],
  ggml_backend_reg_name: ["str", "void *"],
  llama_model_default_params: ["llama_model_params"],
  llama_context_default_params: ["llama_context_params"],
  llama_model_load_from_file: ["void *", "str", "llama_model_params"],
  llama_model_free: ["void", "void *"],
  llama_model_size: ["uint64_t", "void *"],
  llama_model_n_params: ["uint64_t", "void *"],
  llama_model_n_layer: ["int32_t", "void *"],
  llama_model_n_embd: ["int32_t", "void *"],
  llama_model_n_head: ["int32_t", "void *"],
  llama_model_has_encoder: ["bool", "void *"],
  llama_model_is_recurrent: ["bool", "void *"],
  llama_model_is_hybrid: ["bool", "void *"],
  llama_model_is_diffusion: ["bool", "void *"],
  llama_model_get_vocab: ["void *", "void *"],
  llama_vocab_n_tokens: ["int32_t", "void *"],
  // vocabulary, text, its bytes, tokens, most tokens, add_special, parse_special
  llama_tokenize: ["int32_t", "void *", "void *", "int32_t", "void *", "int32_t", "bool", "bool"],
  llama_init_from_model: ["void *", "void *", "llama_context_params"],
  llama_free: ["void", "void *"],
  llama_state_get_size: ["size_t", "void *"],
  llama_get_memory: ["void *", "void *"],
  llama_memory_clear: ["void", "void *", "bool"],
  // memory, sequence, from position, to position
  llama_memory_seq_rm: ["bool", "void *", "int32_t", "int32_t", "int32_t"],
  llama_decode: ["int32_t", "void *", "llama_batch"],
  llama_get_logits: ["void *", "void *"],
  llama_get_embeddings: ["void *", "void *"],
  ggml_get_name: ["str", "void *"],
} as const satisfies Readonly<Record<string, readonly (keyof Values)[]>>;

type ValuesOf<Types extends readonly (keyof Values)[]> = {
  -readonly [I in keyof Types]: Values[Types[I]];
};

type FunctionOf<Signature> = Signature extends readonly [
  infer Result extends keyof Values,
  ...infer Parameters extends readonly (keyof Values)[],
]
  ? (...args: ValuesOf<Parameters>) => Values[Result]
  : never;

/** llama.cpp's functions, under their own names. */
export type Binding = {
  readonly [Name in keyof typeof FUNCTIONS]: FunctionOf<(typeof FUNCTIONS)[Name]>;
};

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

/** What a library must say of itself before it is called; tests give other values. */
export interface Expected {
  readonly version: string;
  readonly defaults: Readonly<Record<"model" | "context", StructValue>>;
}

const EXPECTED: Expected = { version: PINNED_RELEASE.version, defaults: KNOWN_DEFAULTS };

/**
 * Opens llama.cpp's library with the processor's kernels beside it, and proves that its structs are laid
 * out as we write them. Its log goes nowhere: node-llama-cpp tells why a model cannot be loaded.
 *
 * @throws NotProven with the first thing that is not as expected
 */
export async function openBinding(file: string, expected = EXPECTED): Promise<Native> {
  const koffi = await loadKoffi();
  const library = openLibrary(koffi, file);
  const structs: Readonly<Record<string, Type>> = {
    llama_model_params: koffi.struct(MODEL_PARAMS),
    llama_context_params: koffi.struct(CONTEXT_PARAMS),
    llama_batch: koffi.struct(BATCH),
  };
  const bind = (name: string, signature: readonly string[]): ((...args: unknown[]) => unknown) => {
    const [result, ...parameters] = signature.map((type) => structs[type] ?? type);
    try {
      return library.func(name, result!, parameters);
    } catch {
      throw new NotProven(`its library has no function ${name}`);
    }
  };
  const version = bind("llama_version", ["str"])();
  if (version !== expected.version) {
    throw new NotProven(`its library is version ${version}, and ${expected.version} is known`);
  }
  const c = Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, signature]) => [name, bind(name, signature)]),
  ) as unknown as Binding;
  checkDefaults("model", c.llama_model_default_params(), expected);
  checkDefaults("context", c.llama_context_default_params(), expected);
  // The log is told on any thread, also when JavaScript's is gone, so it must not end there: a function of
  // the library that only returns a number takes it and does nothing.
  c.llama_log_set(library.symbol("llama_max_devices") as bigint, null);
  // Kernels are global to the process: node-llama-cpp may have registered them.
  if (Number(c.ggml_backend_dev_count()) === 0) {
    c.ggml_backend_load_all_from_path(dirname(file));
    c.llama_backend_init();
  }
  if (Number(c.ggml_backend_dev_count()) === 0) {
    throw new NotProven(`there are no kernels for this processor in ${dirname(file)}`);
  }
  const evalCallback = koffi.proto("bool", ["void *", "bool", "void *"]);
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

function openLibrary(koffi: Koffi, file: string): ReturnType<Koffi["load"]> {
  try {
    return koffi.load(file);
  } catch (error) {
    throw new NotProven(`its library cannot be opened: ${(error as Error).message}`);
  }
}

function checkDefaults(struct: "model" | "context", found: StructValue, expected: Expected): void {
  for (const [field, value] of Object.entries(expected.defaults[struct])) {
    if (found[field] === value) continue;
    throw new NotProven(
      `its ${struct} parameters have ${String(found[field])} for ${field}, and ${String(value)} is known`,
    );
  }
}
