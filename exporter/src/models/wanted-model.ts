import { HeadroomError } from "../errors.ts";
import type { ChatModel, ModelWheel } from "./catalogue.ts";
import { hashFileOf, keptHashOf } from "./file-hash.ts";
import { entryChoice, type ModelAddress, parseModelAddress } from "./model-choice.ts";
import type { Expected } from "./verify-file.ts";

/** What is fetched, from where, and how the user calls it. */
export interface WantedModel {
  readonly name: string;
  readonly address: ModelAddress;
  /** What the catalogue says. */
  readonly expected: Expected;
  readonly wheel?: ModelWheel | undefined;
}

/**
 * Reads what is to be fetched.
 *
 * @param source - an entry of the catalogue, an `hf:` address, or the web address of a GGUF file
 * @throws HeadroomError `model_failed` when it is none of them
 */
export function describeModel(source: ChatModel | string): WantedModel {
  if (typeof source !== "string") {
    const { id, sizeBytes, sha256, wheel } = source;
    const { address } = entryChoice(source);
    const expected = { sizeBytes, sha256, sha256From: sha256 && "of the catalogue" };
    return { name: id, address, expected, wheel };
  }
  const address = parseModelAddress(source);
  if (!address) {
    throw new HeadroomError(
      "model_failed",
      `${source} is not the address of a model. Give one like hf:user/repository/file.gguf.`,
    );
  }
  return { name: source, address, expected: {} };
}

/** Without a published hash, that of the first download of the file holds. */
export async function withKeptHash(expected: Expected, path: string): Promise<Expected> {
  if (expected.sha256 !== undefined) return expected;
  const sha256 = await keptHashOf(path);
  if (sha256 === undefined) return { sizeBytes: expected.sizeBytes };
  const sha256From = `of the first download; delete ${hashFileOf(path)} if the publisher changed the file`;
  return { sizeBytes: expected.sizeBytes, sha256, sha256From };
}

/** What the catalogue or the first download said, or else the hub. */
export function knownOf(expected: Expected, published: Expected): Expected {
  const sizeBytes = expected.sizeBytes ?? published.sizeBytes;
  const { sha256, sha256From } = expected.sha256 === undefined ? published : expected;
  return { sizeBytes, sha256, sha256From };
}
