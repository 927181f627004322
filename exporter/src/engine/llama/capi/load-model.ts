import { wordBounds, wordsAt } from "../../../sentiment/words.ts";
import type { ScoreRequest, Scores } from "../../scorer.ts";
import { createEncode, type Encode, type Frame } from "../encoder.ts";
import type { LoadOptions, ProofOptions, Reference } from "../messages.ts";
import { planTree, type Tree } from "../plan.ts";
import { ALONE, type BatchControl, type ScoringModel } from "../serve.ts";
import { openBinding, type Native } from "./binding.ts";
import { Context } from "./context.ts";
import { findLibrary, libraryFolder } from "./library.ts";
import type { ContextOptions, OnDevice } from "./model-file.ts";
import {
  DEVICE_TOLERANCE,
  NotProven,
  PROBE,
  proveScores,
  proveTokens,
  TOLERANCE,
} from "./prove.ts";
import { fillSlices, type Wanted } from "./slices.ts";
import { PINNED_RELEASE } from "./structs.ts";

/** A library that has been opened already, and where in it layers go. */
export interface OpenedLibrary {
  readonly native: Native;
  readonly onDevice: OnDevice;
}

/**
 * Loads a model by llama.cpp's C API, in the library that node-llama-cpp installs, and has it prove itself.
 *
 * @param opened - a library with a device, instead of the processor's
 * @throws NotProven when the library is not the known one, cannot open this model, or does not give
 * node-llama-cpp's tokens and scores
 */
export async function loadByCApi(
  options: LoadOptions & { readonly proof?: ProofOptions | undefined },
  reference: Reference,
  opened?: OpenedLibrary,
): Promise<ScoringModel> {
  const { proof = {} } = options;
  const { release, encoding, head, maxTokens, empty } = reference;
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
    const tokenize = (text: string) => context.tokenize(text);
    proveTokens(reference.tokens, tokenize);
    const model = { encode: createEncode(encoding, tokenize), frame, context, maxTokens, empty };
    const score: ScoringModel["score"] = (requests, control) =>
      scoreTrees(model, requests, control);
    const tolerance = opened ? DEVICE_TOLERANCE : TOLERANCE;
    proveScores(
      reference.scores,
      await score(PROBE, ALONE),
      reference.exact ? tolerance.exact : tolerance.quantised,
    );
    const access = { by: "C API", output: head ? "labels" : "vocabulary" } as const;
    return {
      info: { ...reference.info, access, memoryBytes: context.memoryBytes },
      score,
      rest: () => {},
      dispose: async () => context.close(),
    };
  } catch (error) {
    context.close();
    throw error;
  }
}

/** What a context is opened for when it is to answer as the reference did. */
export function contextOptions(
  { encoding: { frame, positive, negative }, maxTokens }: Reference,
  { file, threads }: Pick<LoadOptions, "file" | "threads">,
): ContextOptions {
  return { file, threads, root: frame.before, positive, negative, maxTokens };
}

async function openProcessor({ folder, expected }: ProofOptions): Promise<Native> {
  return openBinding(await findLibrary(folder ?? (await libraryFolder())), expected);
}

interface TreeModel {
  readonly encode: Encode;
  readonly frame: Frame;
  readonly context: Context;
  /** The longest message with what stands around it, in tokens. */
  readonly maxTokens: number;
  /** Score of a message without words, in nats. */
  readonly empty: number;
}

/**
 * Scores a batch: splits and plans one message after the other, evaluates whenever a slice is full, and
 * gives each message its scores back.
 */
async function scoreTrees(
  { encode, frame, context, maxTokens, empty }: TreeModel,
  requests: readonly ScoreRequest[],
  { throwIfCancelled, turn }: BatchControl,
): Promise<Scores[]> {
  // Of a message that was evaluated only its scores are kept, and what makes an answer of them.
  const planned: { bounds: number[]; assemble: Tree["assemble"]; scores: Float64Array }[] = [];
  function* plan(): Generator<Wanted> {
    for (const { text, ask } of requests) {
      const words = wordBounds(text);
      const tree = planTree(encode(wordsAt(text, words)), ask, frame, maxTokens, empty);
      const scores = new Float64Array(tree.reads.length + tree.branches.length);
      const bounds = ask === "whole" ? [] : words;
      planned.push({ bounds, assemble: tree.assemble, scores });
      yield { tree, scores };
    }
  }
  const slices = fillSlices(plan(), context.rows, context.limits);
  // Rows are filled and evaluated in one turn, because all batches fill the same.
  const evaluateNext = async (): Promise<boolean> => {
    context.prepare();
    throwIfCancelled();
    const { value: slice, done } = slices.next();
    if (done) return false;
    const read = await context.run(slice.length, throwIfCancelled);
    slice.into.forEach((scores, i) => (scores[slice.at[i]!] = read[i]!));
    return true;
  };
  while (await turn(evaluateNext));
  return planned.map(({ bounds, assemble, scores }) => ({ ...assemble(scores), bounds }));
}
