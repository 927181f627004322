import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GpuBackend } from "../../../hardware/facts.ts";
import type { GpuSetting } from "./devices.ts";
import { NotProven } from "./prove.ts";

/** What a build of llama.cpp's library can compute with besides the processor; `cpu` for nothing. */
export type Build = "cpu" | GpuBackend;

/** Where a library lies, as absolute paths. */
export interface Library {
  readonly build: Build;
  /** In the order in which they need each other. */
  readonly files: { readonly base: string; readonly ggml: string; readonly llama: string };
  /**
   * Folders for `ggml_backend_load_all_from_path`, each only when the ones before it brought no device
   * of the build. The first one always brings the processor.
   */
  readonly backendFolders: readonly string[];
}

/**
 * Packages of node-llama-cpp by platform and build. On Apple Silicon there is one for both: its device is
 * left alone by loading the model with no layers on it.
 */
const PACKAGES: Readonly<Record<string, Readonly<Partial<Record<Build, string>>>>> = {
  "linux-x64": { cpu: "linux-x64", cuda: "linux-x64-cuda", vulkan: "linux-x64-vulkan" },
  "linux-arm64": { cpu: "linux-arm64" },
  "darwin-arm64": { cpu: "mac-arm64-metal", metal: "mac-arm64-metal" },
  "darwin-x64": { cpu: "mac-x64" },
};

/** The package with kernels for older CUDA devices and drivers, and where in it they are. */
const CUDA_FALLBACK: Readonly<Record<string, readonly [name: string, bins: string]>> = {
  "linux-x64": ["linux-x64-cuda-ext", "linux-x64-cuda/fallback"],
};

/**
 * What the files are, and how they are called: `libllama.v0.5.0.so`, `libllama.metal.v0.5.0.dylib`, but
 * not `libllama-common.so`. A build that somebody made has no version in its names.
 */
const FILES = {
  base: { what: "base of ggml", name: /^libggml-base\.(so|dylib)$/ },
  ggml: { what: "library of ggml", name: /^libggml(\.[a-z]+)?(\.v[\d.]+)?\.(so|dylib)$/ },
  llama: { what: "library of llama.cpp", name: /^libllama(\.[a-z]+)?(\.v[\d.]+)?\.(so|dylib)$/ },
} as const;

/**
 * Backends are called the same on Linux and macOS. The processor has one file for each of its kinds, or
 * a single one; `ggml_backend_load_all_from_path` chooses.
 */
const backend = (build: Build): RegExp => new RegExp(`^libggml-${build}(-\\w+(\\.\\w+)?)?\\.so$`);

const THIS_PLATFORM = `${process.platform}-${process.arch}`;

/** The builds that exist for a platform, in the order in which node-llama-cpp prefers them. */
export function buildsFor(platform = THIS_PLATFORM): readonly Build[] {
  const all: readonly Build[] = ["metal", "cuda", "vulkan", "cpu"];
  return all.filter((build) => PACKAGES[platform]?.[build] !== undefined);
}

/**
 * Looks for the builds with which a model can be evaluated as the setting says.
 *
 * @returns those that are installed, the best first, or why there is none
 */
export async function installedBuilds(
  setting: GpuSetting,
): Promise<{ readonly builds: readonly Build[] } | { readonly why: string }> {
  if (setting === "off") return { why: "HEADROOM_GPU is off" };
  const builds: Build[] = [];
  const problems: string[] = [];
  for (const build of setting === "auto" ? buildsFor() : [setting]) {
    if (build === "cpu") continue;
    try {
      await locateLibrary(build);
      builds.push(build);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  if (builds.length > 0) return { builds };
  const none = "no build of llama.cpp for one is installed";
  return { why: setting === "auto" ? none : problems.join(" and ") };
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
  if (!packages) throw new NotProven(`its library's place on ${platform} is not known`);
  const found = packages[build];
  if (!found) throw new NotProven(`there is no library with ${build} for ${platform}`);
  const folder = folderOf(found);
  if (folder === undefined) {
    throw new NotProven(`the package @node-llama-cpp/${found} is not installed`);
  }
  return folder;
}

/**
 * Finds llama.cpp's own library in a folder; those that it needs lie beside it.
 *
 * @throws NotProven when there is none, or more than one
 */
export async function findLibrary(folder: string): Promise<string> {
  return findOne(await namesIn(folder), "llama", folder);
}

/**
 * Finds all that must be loaded for a build, backends included, which llama.cpp passes over in silence
 * when they are missing. Two builds never fit into one process: each has its own `libllama`, and all of
 * them the same name for `libggml-base`, so that the second would run on the first one's.
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
  const names = await namesIn(own);
  const files = {
    base: findOne(names, "base", own),
    ggml: findOne(names, "ggml", own),
    llama: findOne(names, "llama", own),
  };
  for (const needed of new Set<Build>(["cpu", build])) {
    if (names.some((name) => backend(needed).test(name))) continue;
    throw new NotProven(`there is no backend for ${needed} in ${own}`);
  }
  const further = build === "cuda" && folder === undefined ? CUDA_FALLBACK[platform] : undefined;
  const fallback = further && folderOf(...further);
  return { build, files, backendFolders: fallback === undefined ? [own] : [own, fallback] };
}

function findOne(names: readonly string[], file: keyof typeof FILES, folder: string): string {
  const found = names.filter((name) => FILES[file].name.test(name));
  if (found.length === 1) return join(folder, found[0]!);
  const what = found.length === 0 ? `no ${FILES[file].what}` : `several (${found.join(", ")})`;
  throw new NotProven(`there is ${what} in ${folder}`);
}

/** node-llama-cpp resolves its packages from its own place, which need not be ours. */
function folderOf(name: string, bins = name): string | undefined {
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
