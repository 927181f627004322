import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { NotProven } from "./not-proven.ts";

/** Where node-llama-cpp's packages lie for a platform: their names, by `process.platform` and `arch`. */
const PACKAGES: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-arm64",
  "darwin-arm64": "mac-arm64-metal",
  "darwin-x64": "mac-x64",
};

/** `libllama.v0.5.0.so`, `libllama.dylib`; but not `libllama-common.so`. */
const LIBRARY = /^libllama(\.v[\d.]+)?\.(so|dylib)$/;

/**
 * The folder with the library that node-llama-cpp itself loads when it is asked for no graphics
 * processor, in the package beside it.
 *
 * @throws NotProven where there is no such package
 */
export async function libraryFolder(
  platform = `${process.platform}-${process.arch}`,
): Promise<string> {
  const name = PACKAGES[platform];
  if (name === undefined) throw new NotProven(`its library's place on ${platform} is not known`);
  try {
    // node-llama-cpp resolves its packages from its own place, which need not be ours.
    const engine = fileURLToPath(import.meta.resolve("node-llama-cpp"));
    const entry = createRequire(engine).resolve(`@node-llama-cpp/${name}`);
    return join(dirname(entry), "..", "bins", name);
  } catch {
    throw new NotProven(`the package @node-llama-cpp/${name} is not installed`);
  }
}

/**
 * Finds llama.cpp's own library in a folder; those that it needs lie beside it.
 *
 * @throws NotProven when there is none, or more than one
 */
export async function findLibrary(folder: string): Promise<string> {
  const files = await readdir(folder).catch(() => []);
  const found = files.filter((file) => LIBRARY.test(file));
  if (found.length !== 1) {
    const what = found.length === 0 ? "no library of llama.cpp" : `several (${found.join(", ")})`;
    throw new NotProven(`there is ${what} in ${folder}`);
  }
  return join(folder, found[0]!);
}
