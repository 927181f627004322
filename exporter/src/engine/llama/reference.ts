import { HeadroomError } from "../../errors.ts";
import { forkProgram } from "../../fork-program.ts";
import type { ModelInfo, Scores } from "../scorer.ts";
import type { Head } from "./capi/head.ts";
import type { Encoding } from "./encoder.ts";
import type { LoadOptions } from "./load.ts";

/** What node-llama-cpp says of a model: all that the C API needs, and what it is held against. */
export interface Reference {
  readonly info: Omit<ModelInfo, "access">;
  /** The release of llama.cpp that evaluated. */
  readonly release: string;
  readonly encoding: Encoding;
  /** The labels' part of the output matrix; absent where it cannot be evaluated alone. */
  readonly head?: Head | undefined;
  /** The longest message with what stands around it, in tokens. */
  readonly maxTokens: number;
  /** Score of a message without words, in nats. */
  readonly empty: number;
  /** Whether all weights are numbers of 32 bits, so that only rounding tells two ways apart. */
  readonly exact: boolean;
  /** Tokens of the proof's texts. */
  readonly tokens: readonly (readonly number[])[];
  /** Scores of the proof's batch. */
  readonly scores: readonly Scores[];
}

/** What the process answers. */
export type FromReference = { readonly reference: Reference } | { readonly failure: string };

/**
 * Has node-llama-cpp load a model in a process of its own, which ends then: the library's JavaScript
 * takes 50 MB in each thread that has it, and a binary that does not fit the processor ends its process.
 *
 * @throws HeadroomError `model_failed` when the model cannot be loaded
 */
export function readReference(options: LoadOptions): Promise<Reference> {
  // JSON has no NaN, and a score that is none must not become a number on the way.
  const child = forkProgram(new URL("./reference-process.ts", import.meta.url), "reference", {
    serialization: "advanced",
  });
  return new Promise((resolve, reject) => {
    const fail = (message: string) => reject(new HeadroomError("model_failed", message));
    child.once("message", (answer: FromReference) =>
      "reference" in answer ? resolve(answer.reference) : fail(answer.failure),
    );
    child.once("error", (error) => fail(`The model could not be examined: ${error.message}`));
    child.once("exit", (code, signal) =>
      fail(
        `The process that examines the model ${signal ? `was ended by ${signal}` : `ended with code ${code}`}.`,
      ),
    );
    child.send(options);
  });
}
