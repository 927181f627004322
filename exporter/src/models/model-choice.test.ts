import { describe, expect, it } from "@jest/globals";
import { resolve } from "node:path";
import fc from "fast-check";
import { CHAT_MODELS, DEFAULT_CHAT_MODEL } from "./catalogue.ts";
import { parseModelAddress, readModelChoice } from "./model-choice.ts";

describe("the choice of a chat model", () => {
  it("is the default for auto, and nothing for none", () => {
    expect(readModelChoice("auto")).toMatchObject({ kind: "entry", entry: DEFAULT_CHAT_MODEL });
    expect(readModelChoice("none")).toEqual({ kind: "none" });
  });

  it("is an entry of the catalogue by its id, whose file keeps its name", () => {
    for (const entry of CHAT_MODELS) {
      expect(readModelChoice(entry.id)).toMatchObject({ kind: "entry", entry });
    }
    expect(readModelChoice("smollm2-135m")).toMatchObject({
      address: { fileName: "SmolLM2-135M-Instruct.Q4_1.gguf" },
    });
  });

  it("is a path for anything else", () => {
    for (const path of ["model.gguf", "/models/a b.gguf", "hf", "hf:user", "http:/x", "auto "]) {
      expect(readModelChoice(path)).toEqual({ kind: "path", path: resolve(path) });
    }
  });
});

describe("the address of a model", () => {
  it("is a file of a repository, at a revision or at the newest", () => {
    const newest = parseModelAddress("hf:user/repo/sub dir/file.gguf");
    expect(newest?.url("https://hub/")).toBe(
      "https://hub/user/repo/resolve/main/sub%20dir/file.gguf",
    );
    expect(newest?.fileName).toBe("user_repo_sub_dir_file.gguf");
    const pinned = parseModelAddress("hf:user/repo/file.gguf#abc");
    expect(pinned?.url("https://hub/")).toBe("https://hub/user/repo/resolve/abc/file.gguf");
    expect(pinned?.fileName).toBe("user_repo_abc_file.gguf");
  });

  it("is a repository with a quantisation or without", () => {
    expect(parseModelAddress("hf:user/repo:Q4_K_M")?.fileName).toBe("user_repo_Q4_K_M.gguf");
    expect(parseModelAddress("hf:user/repo:Q4_K_M")?.url("https://hub/")).toBe(
      "https://hub/user/repo",
    );
    expect(parseModelAddress("hf:user/repo")?.fileName).toBe("user_repo.gguf");
  });

  it("is a file on the web", () => {
    const address = parseModelAddress("https://example.org/a/b.gguf?download=true");
    expect(address?.fileName).toBe("example.org_a_b.gguf");
    expect(address?.url("https://hub/")).toBe("https://example.org/a/b.gguf?download=true");
  });

  it("never leads out of the models folder", () => {
    const part = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(part, part, part, (user, repository, file) => {
        const address = parseModelAddress(`hf:${user}/${repository}/${file}`);
        return address === undefined || /^[\w.-]+\.gguf$/.test(address.fileName);
      }),
    );
  });
});
