import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GpuBackend } from "../../../hardware/facts.ts";
import { filesOf, findOne, type LibraryFiles } from "./library-files.ts";
import { NotProven } from "./not-proven.ts";

/** What a build of llama.cpp's library can compute with besides the processor; `cpu` for nothing. */
export type Build = "cpu" | GpuBackend;

/** Where a library lies, as absolute paths. */
export interface Library {
  readonly build: Build;
  readonly files: LibraryFiles;
  /**
   * Folders for `ggml_backend_load_all_from_path`, each only when the ones before it brought no device
   * of the build. The first one always brings the processor.
   */
  readonly backendFolders: readonly string[];
}

/** A package of node-llama-cpp, and the folder inside `bins` that holds its files. */
interface Package {
  readonly name: string;
  readonly bins: string;
}

const named = (name: string): Package => ({ name, bins: name });

/**
 * Packages by platform and build. On Apple Silicon there is one for both: its device is left alone by
 * loading the model with no layers on it.
 */
const PACKAGES: Readonly<Record<string, Readonly<Partial<Record<Build, Package>>>>> = {
  "linux-x64": {
    cpu: named("linux-x64"),
    cuda: named("linux-x64-cuda"),
    vulkan: named("linux-x64-vulkan"),
  },
  "linux-arm64": { cpu: named("linux-arm64") },
  "darwin-arm64": { cpu: named("mac-arm64-metal"), metal: named("mac-arm64-metal") },
  "darwin-x64": { cpu: named("mac-x64") },
};

/** Kernels for older CUDA devices and drivers. */
const CUDA_FALLBACK: Readonly<Record<string, Package>> = {
  "linux-x64": { name: "linux-x64-cuda-ext", bins: "linux-x64-cuda/fallback" },
};

const THIS_PLATFORM = `${process.platform}-${process.arch}`;

/** The builds that exist for a platform, in the order in which node-llama-cpp prefers them. */
export function buildsFor(platform = THIS_PLATFORM): readonly Build[] {
  const all: readonly Build[] = ["metal", "cuda", "vulkan", "cpu"];
  return all.filter((build) => PACKAGES[platform]?.[build] !== undefined);
}

/**
 * The folder with the library of a build, in the package beside node-llama-cpp.
 *
 * @throws NotProven where there is no such package
 */
export async function libraryFolder(
  platform = THIS_PLATFORM,
  build: Build = "cpu",
): Promise<string> {
  const packages = PACKAGES[platform];
  if (packages === undefined)
    throw new NotProven(`its library's place on ${platform} is not known`);
  const found = packages[build];
  if (found === undefined) throw new NotProven(`there is no library with ${build} for ${platform}`);
  const folder = folderOf(found);
  if (folder === undefined) {
    throw new NotProven(`the package @node-llama-cpp/${found.name} is not installed`);
  }
  return folder;
}

/**
 * Finds llama.cpp's own library in a folder; those that it needs lie beside it.
 *
 * @throws NotProven when there is none, or more than one
 */
export async function findLibrary(folder: string): Promise<string> {
  return join(folder, findOne(await namesIn(folder), "llama", folder));
}

/**
 * Finds all that must be loaded for a build. Two builds never fit into one process: each has its own
 * `libllama`, and all of them the same name for `libggml-base`, so that the second would run on the
 * first one's.
 *
 * @param folder - where to look instead of node-llama-cpp's packages
 * @throws NotProven when a file is missing, or there are several for one
 */
export async function locateLibrary(
  build: Build,
  platform = THIS_PLATFORM,
  folder?: string,
): Promise<Library> {
  const own = folder ?? (await libraryFolder(platform, build));
  const { base, ggml, llama } = filesOf(await namesIn(own), build, own);
  const further = build === "cuda" && folder === undefined ? CUDA_FALLBACK[platform] : undefined;
  const fallback = further && folderOf(further);
  return {
    build,
    files: { base: join(own, base), ggml: join(own, ggml), llama: join(own, llama) },
    backendFolders: fallback === undefined ? [own] : [own, fallback],
  };
}

/** node-llama-cpp resolves its packages from its own place, which need not be ours. */
function folderOf({ name, bins }: Package): string | undefined {
  try {
    const engine = fileURLToPath(import.meta.resolve("node-llama-cpp"));
    const entry = createRequire(engine).resolve(`@node-llama-cpp/${name}`);
    return join(dirname(entry), "..", "bins", bins);
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
