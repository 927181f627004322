import type { LoadedModel } from "../load.ts";
import { EXPECTED, openBinding, type Expected } from "./binding.ts";
import { Context } from "./context.ts";
import { findLibrary, libraryFolder } from "./library.ts";
import { NotProven } from "./not-proven.ts";
import type { TreeModel } from "./score-trees.ts";
import { PINNED_RELEASE } from "./structs.ts";

/** What the proof holds the library against; tests give other values to break it. */
export interface ProofOptions {
  /** Where the library is looked for. */
  readonly folder?: string;
  readonly release?: string;
  readonly expected?: Expected;
  /** The model file that the C API loads. */
  readonly file?: string;
}

/**
 * Opens a model by llama.cpp's C API, in the library that node-llama-cpp has loaded for `known`.
 *
 * @throws NotProven when the library is not the known one, or cannot open this model
 */
export async function openTrees(
  known: LoadedModel,
  options: { readonly file: string; readonly threads: number },
  proof: ProofOptions,
): Promise<TreeModel> {
  const release = proof.release ?? PINNED_RELEASE.release;
  if (known.release !== release) {
    throw new NotProven(
      `node-llama-cpp brings llama.cpp ${known.release}, and ${release} is known`,
    );
  }
  const { encoder, empty } = known;
  const { before, after } = encoder.frame;
  const { maxTokens } = known.long;
  if (before.length + after.length >= maxTokens) {
    throw new NotProven("the template fills the model's context");
  }
  const file = await findLibrary(proof.folder ?? (await libraryFolder()));
  const native = await openBinding(file, proof.expected ?? EXPECTED);
  const context = new Context(native, {
    file: proof.file ?? options.file,
    threads: options.threads,
    root: before,
    positive: encoder.positive,
    negative: encoder.negative,
    maxTokens,
  });
  return { encoder, context, maxTokens, empty };
}
