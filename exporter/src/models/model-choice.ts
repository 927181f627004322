import { posix, resolve } from "node:path";
import { CHAT_MODELS, type ChatModel, DEFAULT_CHAT_MODEL } from "./catalogue.ts";

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

/** An address of a model outside the catalogue. */
export interface ModelAddress {
  /** As node-llama-cpp takes it. */
  readonly uri: string;
  /** Name of the file in the models folder. */
  readonly fileName: string;
  /** The page or file to ask whether it is there, on a hub whose address ends in a slash. */
  url(hub: string): string;
}

const HUB = /^(?:hf|huggingface):(?:\/\/)?(?<user>[^/:#]+)\/(?<repository>[^/:#]+)(?<rest>.*)$/;
const TAG = /^(?::(?<tag>[^/#]+))?$/;
const FILE = /^\/(?<file>[^#]+)(?:#(?<revision>.+))?$/;

/**
 * Reads `hf:user/repository/file.gguf#revision`, `hf:user/repository:quantisation` or the address of a file.
 *
 * @returns undefined for anything else, such as a path
 */
export function parseModelAddress(text: string): ModelAddress | undefined {
  if (/^https?:\/\//.test(text)) return webAddress(text);
  const { user = "", repository = "", rest = "" } = HUB.exec(text)?.groups ?? {};
  const file = FILE.exec(rest)?.groups;
  const tag = TAG.exec(rest)?.groups;
  if (user === "" || !(file ?? tag)) return undefined;
  const page = `${encodeURIComponent(user)}/${encodeURIComponent(repository)}`;
  if (file) {
    const { file: path = "", revision } = file;
    const encoded = path.split("/").map(encodeURIComponent).join("/");
    return {
      uri: text,
      fileName: safeName([user, repository, revision, path]),
      url: (hub) => `${hub}${page}/resolve/${encodeURIComponent(revision ?? "main")}/${encoded}`,
    };
  }
  return {
    uri: text,
    fileName: safeName([user, repository, tag?.["tag"]]),
    url: (hub) => hub + page,
  };
}

function webAddress(text: string): ModelAddress | undefined {
  if (!URL.canParse(text)) return undefined;
  const { host, pathname } = new URL(text);
  return { uri: text, fileName: safeName([host, pathname.slice(1)]), url: () => text };
}

/** One name for one address, without a character that a file system minds. */
function safeName(parts: readonly (string | undefined)[]): string {
  const name = parts
    .filter((part) => part !== undefined)
    .join("_")
    .replaceAll(/[^\w.-]+/g, "_")
    .replace(/\.gguf$/i, "");
  return `${name}.gguf`;
}
