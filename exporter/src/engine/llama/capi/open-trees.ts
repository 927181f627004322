import { createEncode } from "../encoder.ts";
import type { Reference } from "../reference.ts";
import { EXPECTED, openBinding, type Expected } from "./binding.ts";
import { Context } from "./context.ts";
import type { Head } from "./head.ts";
import { findLibrary, libraryFolder } from "./library.ts";
import { NotProven } from "./not-proven.ts";
import { proveTokens } from "./prove.ts";
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
  /** Instead of the model's own. */
  readonly head?: Head;
}

/**
 * Opens a model by llama.cpp's C API, in the library that node-llama-cpp installs.
 *
 * @throws NotProven when the library is not the known one, cannot open this model, or tokenizes it in
 * another way
 */
export async function openTrees(
  { release, encoding, head, maxTokens, empty, tokens }: Reference,
  options: { readonly file: string; readonly threads: number },
  proof: ProofOptions,
): Promise<TreeModel> {
  const known = proof.release ?? PINNED_RELEASE.release;
  if (release !== known) {
    throw new NotProven(`node-llama-cpp brings llama.cpp ${release}, and ${known} is known`);
  }
  const { frame, positive, negative } = encoding;
  if (frame.before.length + frame.after.length >= maxTokens) {
    throw new NotProven("the template fills the model's context");
  }
  const file = await findLibrary(proof.folder ?? (await libraryFolder()));
  const native = await openBinding(file, proof.expected ?? EXPECTED);
  const context = new Context(native, {
    file: proof.file ?? options.file,
    threads: options.threads,
    root: frame.before,
    positive,
    negative,
    maxTokens,
    head: head && (proof.head ?? head),
  });
  try {
    proveTokens(tokens, (text) => context.tokenize(text));
  } catch (error) {
    context.close();
    throw error;
  }
  const encode = createEncode(encoding, (text) => context.tokenize(text));
  return { encode, frame, context, maxTokens, empty };
}
