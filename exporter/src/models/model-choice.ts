import { posix, resolve } from "node:path";
import { CHAT_MODELS, DEFAULT_CHAT_MODEL, type ChatModel } from "./catalogue.ts";
import { parseModelAddress, type ModelAddress } from "./model-address.ts";

/** What HEADROOM_CHAT_MODEL stands for. */
export type ModelChoice =
  | { readonly kind: "none" }
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "entry"; readonly entry: ChatModel; readonly address: ModelAddress }
  | { readonly kind: "address"; readonly address: ModelAddress };

/**
 * Reads `auto`, `none`, a catalogue id, an `hf:` or web address, or else the path of a file.
 */
export function readModelChoice(wanted: string): ModelChoice {
  if (wanted === "none") return { kind: "none" };
  if (wanted === "auto") return entryChoice(DEFAULT_CHAT_MODEL);
  const entry = CHAT_MODELS.find(({ id }) => id === wanted);
  if (entry) return entryChoice(entry);
  const address = parseModelAddress(wanted);
  return address ? { kind: "address", address } : { kind: "path", path: resolve(wanted) };
}

/** A model of the catalogue, whose file keeps the name that its publisher gave it. */
export function entryChoice(entry: ChatModel): ModelChoice & { readonly kind: "entry" } {
  const address = parseModelAddress(entry.source);
  if (!address) throw new Error(`the source of ${entry.id} is not an address: ${entry.source}`);
  const fileName = posix.basename(entry.source.replace(/#.*/, ""));
  return { kind: "entry", entry, address: { ...address, fileName } };
}
