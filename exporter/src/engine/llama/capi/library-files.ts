import type { Build } from "./library.ts";
import { NotProven } from "./not-proven.ts";

/** The files of a library, in the order in which they must be loaded, each seen by those after it. */
export interface LibraryFiles {
  readonly base: string;
  readonly ggml: string;
  readonly llama: string;
}

/**
 * How the files are called: `libllama.v0.5.0.so`, `libllama.metal.v0.5.0.dylib`, but not
 * `libllama-common.so`. A build that somebody made has no version in its names.
 */
const NAMES: Readonly<Record<keyof LibraryFiles, RegExp>> = {
  base: /^libggml-base\.(so|dylib)$/,
  ggml: /^libggml(\.[a-z]+)?(\.v[\d.]+)?\.(so|dylib)$/,
  llama: /^libllama(\.[a-z]+)?(\.v[\d.]+)?\.(so|dylib)$/,
};

const WHAT: Readonly<Record<keyof LibraryFiles, string>> = {
  base: "base of ggml",
  ggml: "library of ggml",
  llama: "library of llama.cpp",
};

/**
 * Backends are called the same on Linux and macOS. The processor has one file for each of its kinds, or
 * a single one; `ggml_backend_load_all_from_path` chooses.
 */
const backend = (build: Build): RegExp => new RegExp(`^libggml-${build}(-\\w+(\\.\\w+)?)?\\.so$`);

/**
 * Picks the files of a build from a listing of its folder, and sees that the backends are there, which
 * llama.cpp passes over in silence when they are not.
 *
 * @param folder - as it is called in the error
 * @throws NotProven when a file is missing, or there are several for one
 */
export function filesOf(names: readonly string[], build: Build, folder: string): LibraryFiles {
  const files = {
    base: findOne(names, "base", folder),
    ggml: findOne(names, "ggml", folder),
    llama: findOne(names, "llama", folder),
  };
  for (const needed of new Set<Build>(["cpu", build])) {
    if (names.some((name) => backend(needed).test(name))) continue;
    throw new NotProven(`there is no backend for ${needed} in ${folder}`);
  }
  return files;
}

/**
 * The one name in a listing that is a file of the library.
 *
 * @throws NotProven when there is none, or more than one
 */
export function findOne(
  names: readonly string[],
  file: keyof LibraryFiles,
  folder: string,
): string {
  const found = names.filter((name) => NAMES[file].test(name));
  if (found.length === 1) return found[0]!;
  const what = found.length === 0 ? `no ${WHAT[file]}` : `several (${found.join(", ")})`;
  throw new NotProven(`there is ${what} in ${folder}`);
}
