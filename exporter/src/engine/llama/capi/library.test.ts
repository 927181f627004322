import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { buildsFor, findLibrary, libraryFolder, locateLibrary, type Build } from "./library.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "headroom-library-"))));
afterAll(() => rm(folder, { recursive: true }));

/** A folder with empty files of these names. */
async function holding(...names: string[]): Promise<string> {
  const made = await mkdtemp(join(folder, "bins-"));
  for (const name of names) {
    await mkdir(dirname(join(made, name)), { recursive: true });
    await writeFile(join(made, name), "");
  }
  return made;
}

/** What a package of node-llama-cpp holds. */
async function listing(name: string): Promise<string[]> {
  const text = await readFile(new URL(`fixtures/${name}.txt`, import.meta.url), "utf8");
  return text.trim().split("\n");
}

describe("finding llama.cpp's library", () => {
  it("finds the one that node-llama-cpp has loaded here", async () => {
    expect(await findLibrary(await libraryFolder())).toMatch(/libllama.*\.(so|dylib)$/);
  });

  it.each([
    ["linux-x64", "libllama.v0.5.0.so"],
    ["linux-x64-vulkan", "libllama.vulkan.v0.5.0.so"],
    ["linux-x64-cuda", "libllama.cuda.v0.5.0.so"],
    ["linux-arm64", "libllama.v0.5.0.so"],
    ["mac-arm64-metal", "libllama.metal.v0.4.0.dylib"],
    ["mac-x64", "libllama.v0.4.0.dylib"],
  ])("knows its name in the package %s", async (name, library) => {
    const made = await holding(...(await listing(name)));
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
    ["aix-ppc64", "cpu", "aix-ppc64 is not known"],
    ["darwin-x64", "cpu", "the package @node-llama-cpp/mac-x64 is not installed"],
    ["darwin-x64", "metal", "there is no library with metal for darwin-x64"],
    ["linux-arm64", "cuda", "there is no library with cuda for linux-arm64"],
  ] as const)("says why there can be none on %s with %s", async (platform, build, why) => {
    await expect(libraryFolder(platform, build)).rejects.toThrow(why);
  });
});

describe("all that a build is loaded from", () => {
  it.each<[name: string, build: Build, files: readonly string[]]>([
    ["linux-x64", "cpu", ["libggml-base.so", "libggml.v0.5.0.so", "libllama.v0.5.0.so"]],
    [
      "linux-x64-vulkan",
      "vulkan",
      ["libggml-base.so", "libggml.vulkan.v0.5.0.so", "libllama.vulkan.v0.5.0.so"],
    ],
    [
      "linux-x64-cuda",
      "cuda",
      ["libggml-base.so", "libggml.cuda.v0.5.0.so", "libllama.cuda.v0.5.0.so"],
    ],
    ["linux-arm64", "cpu", ["libggml-base.so", "libggml.v0.5.0.so", "libllama.v0.5.0.so"]],
    [
      "mac-arm64-metal",
      "metal",
      ["libggml-base.dylib", "libggml.metal.v0.4.0.dylib", "libllama.metal.v0.4.0.dylib"],
    ],
    [
      "mac-arm64-metal",
      "cpu",
      ["libggml-base.dylib", "libggml.metal.v0.4.0.dylib", "libllama.metal.v0.4.0.dylib"],
    ],
    ["mac-x64", "cpu", ["libggml-base.dylib", "libggml.v0.4.0.dylib", "libllama.v0.4.0.dylib"]],
  ])("in the package %s for %s", async (name, build, files) => {
    const made = await holding(...(await listing(name)));
    const library = await locateLibrary(build, "any", made);
    expect(Object.values(library.files).map((file) => basename(file))).toEqual(files);
    expect(library.backendFolders).toEqual([made]);
  });

  it("is the installed package's here", async () => {
    const { files, backendFolders } = await locateLibrary("cpu");
    expect(files.llama).toBe(await findLibrary(await libraryFolder()));
    expect(backendFolders).toEqual([await libraryFolder()]);
  });

  it.each<[left: string, build: Build, why: string]>([
    ["libggml-vulkan.so", "vulkan", "no backend for vulkan"],
    ["libggml-cpu-", "vulkan", "no backend for cpu"],
    ["libggml-base.so", "cpu", "no base of ggml"],
    ["libggml.vulkan", "cpu", "no library of ggml"],
  ])("is refused without %s", async (left, build, why) => {
    const names = (await listing("linux-x64-vulkan")).filter((name) => !name.startsWith(left));
    await expect(locateLibrary(build, "any", await holding(...names))).rejects.toThrow(why);
  });

  it("is no other build's", async () => {
    const made = await holding(...(await listing("linux-x64-vulkan")));
    await expect(locateLibrary("cuda", "any", made)).rejects.toThrow("no backend for cuda");
  });

  it("has older CUDA kernels in a package of their own, in a folder that has nothing else", async () => {
    expect(await listing("linux-x64-cuda-ext")).toEqual(["fallback/libggml-cuda.so"]);
  });

  it.each([
    ["linux-x64", ["cuda", "vulkan", "cpu"]],
    ["linux-arm64", ["cpu"]],
    ["darwin-arm64", ["metal", "cpu"]],
    ["darwin-x64", ["cpu"]],
    ["aix-ppc64", []],
  ])("exists on %s for %p", (platform, builds) => {
    expect(buildsFor(platform)).toEqual(builds);
  });
});
