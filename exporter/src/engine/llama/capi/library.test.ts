import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findLibrary, libraryFolder } from "./library.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "headroom-library-"))));
afterAll(() => rm(folder, { recursive: true }));

/** A folder with empty files of these names. */
async function holding(...names: string[]): Promise<string> {
  const made = await mkdtemp(join(folder, "bins-"));
  for (const name of names) await writeFile(join(made, name), "");
  return made;
}

describe("finding llama.cpp's library", () => {
  it("finds the one that node-llama-cpp has loaded here", async () => {
    expect(await findLibrary(await libraryFolder())).toMatch(/libllama.*\.(so|dylib)$/);
  });

  it.each([
    [
      "Linux",
      "libllama.v0.5.0.so",
      ["libllama-common.so", "libggml.v0.5.0.so", "libggml-base.so", "llama-addon.node"],
    ],
    [
      "macOS",
      "libllama.dylib",
      ["libllama-common.dylib", "libggml.dylib", "libggml-metal.dylib", "llama-addon.node"],
    ],
  ])("knows its name on %s", async (_, library, others) => {
    const made = await holding(library, ...others);
    expect(await findLibrary(made)).toBe(join(made, library));
  });

  it("says that there is none", async () => {
    await expect(findLibrary(join(folder, "absent"))).rejects.toThrow(
      /no library of llama.cpp in .*absent/,
    );
  });

  it("takes none of several", async () => {
    const made = await holding("libllama.v0.5.0.so", "libllama.v0.4.0.so");
    await expect(findLibrary(made)).rejects.toThrow(/several \(libllama.*, libllama.*\)/);
  });

  it.each([
    ["aix-ppc64", "aix-ppc64 is not known"],
    ["darwin-x64", "the package @node-llama-cpp/mac-x64 is not installed"],
  ])("says why there can be none on %s", async (platform, why) => {
    await expect(libraryFolder(platform)).rejects.toThrow(why);
  });
});
