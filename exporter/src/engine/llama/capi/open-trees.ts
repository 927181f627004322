import { createEncode } from "../encoder.ts";
import type { Reference } from "../reference.ts";
import { EXPECTED, openBinding, type Expected, type Native } from "./binding.ts";
import { Context } from "./context.ts";
import type { Head } from "./head.ts";
import { findLibrary, libraryFolder } from "./library.ts";
import { NotProven } from "./not-proven.ts";
import type { ContextOptions, OnDevice } from "./open-context.ts";
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

/** A library that has been opened already, and where in it layers go. */
export interface OpenedLibrary {
  readonly native: Native;
  readonly onDevice: OnDevice;
}

/**
 * Opens a model by llama.cpp's C API, in the library that node-llama-cpp installs.
 *
 * @param opened - instead of the processor's library
 * @throws NotProven when the library is not the known one, cannot open this model, or tokenizes it in
 * another way
 */
export async function openTrees(
  reference: Reference,
  options: { readonly file: string; readonly threads: number },
  proof: ProofOptions,
  opened?: OpenedLibrary,
): Promise<TreeModel> {
  const { release, encoding, head, maxTokens, empty, tokens } = reference;
  const known = proof.release ?? PINNED_RELEASE.release;
  if (release !== known) {
    throw new NotProven(`node-llama-cpp brings llama.cpp ${release}, and ${known} is known`);
  }
  const { frame } = encoding;
  if (frame.before.length + frame.after.length >= maxTokens) {
    throw new NotProven("the template fills the model's context");
  }
  const native = opened?.native ?? (await openProcessor(proof));
  const context = new Context(native, {
    ...contextOptions(reference, { ...options, file: proof.file ?? options.file }),
    head: head && (proof.head ?? head),
    onDevice: opened?.onDevice,
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

/** What a context is opened for when it is to answer as the reference did. */
export function contextOptions(
  { encoding: { frame, positive, negative }, maxTokens }: Reference,
  { file, threads }: { readonly file: string; readonly threads: number },
): ContextOptions {
  return { file, threads, root: frame.before, positive, negative, maxTokens };
}

async function openProcessor({ folder, expected = EXPECTED }: ProofOptions): Promise<Native> {
  return openBinding(await findLibrary(folder ?? (await libraryFolder())), expected);
}
