import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { generatedModel } from "../engine/llama/testing/generated-model.ts";
import type { HeadroomError } from "../errors.ts";
import type { ChatModel } from "./catalogue.ts";
import { fetchChatModel, type FetchOptions, type FetchProgress } from "./fetch-and-verify.ts";
import { startModelServer, type ModelServer } from "./testing/model-server.ts";

/** The downloader resumes in steps of 5 MiB, so a test of that needs more than two of them. */
const model = Buffer.concat([generatedModel(), Buffer.alloc(12 << 20, "weights ")]);
const sha256Of = (content: Buffer) => createHash("sha256").update(content).digest("hex");

const WITHOUT_HASH: ChatModel = {
  id: "tested",
  title: "Tested",
  source: "hf:user/repository/tested.gguf#0123",
  licence: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
  languages: ["en"],
  leastMemoryBytes: 1e9,
};
const ENTRY = { ...WITHOUT_HASH, sizeBytes: model.length, sha256: sha256Of(model) };

let server: ModelServer;
let modelsFolder: string;
beforeAll(async () => {
  server = await startModelServer({ content: model });
});
afterAll(() => server.close());
beforeEach(async () => {
  modelsFolder = await mkdtemp(join(tmpdir(), "headroom-fetch-"));
});
afterEach(() => rm(modelsFolder, { recursive: true }));

const fetchIt = (source: ChatModel | string, options: Partial<FetchOptions> = {}) =>
  fetchChatModel(source, { modelsFolder, hub: server.url, ...options });
const files = () => readdir(modelsFolder);

describe("fetching a model from a hub", () => {
  it("puts the whole file into the folder and shows progress", async () => {
    server.behave({ content: model, pieceMs: 1 });
    const seen: FetchProgress[] = [];
    const fetched = await fetchIt(ENTRY, { onProgress: (progress) => seen.push(progress) });
    expect(fetched).toEqual({
      path: join(modelsFolder, "tested.gguf"),
      sizeBytes: model.length,
      sha256: ENTRY.sha256,
      from: "hub",
    });
    expect(sha256Of(await readFile(fetched.path))).toBe(ENTRY.sha256);
    expect(await files()).toEqual(["tested.gguf"]);
    expect(seen.at(-1)).toEqual({ bytes: model.length, totalBytes: model.length });
  });

  it("does not fetch a right file again, and replaces a wrong one", async () => {
    const path = join(modelsFolder, "tested.gguf");
    await writeFile(path, model);
    server.behave({ content: model });
    expect(await fetchIt(ENTRY)).toMatchObject({ path, from: "folder" });
    expect(server.requests).toEqual([]);

    await writeFile(path, model.subarray(0, 1000));
    const problems: string[] = [];
    expect(await fetchIt(ENTRY, { onProblem: (text) => problems.push(text) })).toMatchObject({
      from: "hub",
    });
    expect(problems).toEqual([expect.stringMatching(/tested.gguf has 1000 bytes instead of/)]);
    expect((await stat(path)).size).toBe(model.length);
  });

  it("goes on where a connection broke", async () => {
    server.behave({ content: model, cutAfter: 6 << 20 });
    await fetchIt(ENTRY);
    const starts = server.requests.map(({ range = "" }) => /^bytes=(\d+)-/.exec(range)?.[1]);
    expect(starts).toContain(String(5 << 20));
    expect(await files()).toEqual(["tested.gguf"]);
  });

  it("goes on in the next attempt after an abort, which leaves nothing under the file's name", async () => {
    // The last step is the shortest, so it is done, and noted, long before most bytes of the others
    // have come.
    const lastStep = expect.objectContaining({
      range: expect.stringMatching(`^bytes=${10 << 20}-`),
    });
    server.behave({ content: model, pieceMs: 20 });
    const stop = new AbortController();
    const aborted = fetchIt(ENTRY, {
      signal: stop.signal,
      onProgress: ({ bytes }) => bytes > 10 << 20 && stop.abort(new Error("enough")),
    });
    await expect(aborted).rejects.toThrow("enough");
    expect(server.requests).toContainEqual(lastStep);
    expect(await files()).toEqual([expect.stringMatching(/^\.tested\.gguf\..*\.partial$/)]);

    server.behave({ content: model });
    expect(await fetchIt(ENTRY)).toMatchObject({ sha256: ENTRY.sha256 });
    expect(server.requests).not.toContainEqual(lastStep);
    expect(await files()).toEqual(["tested.gguf"]);
  });

  it("lets two fetches of the same file succeed side by side", async () => {
    server.behave({ content: model, pieceMs: 1 });
    const both = await Promise.all([fetchIt(ENTRY), fetchIt(ENTRY)]);
    expect(both.map(({ sha256 }) => sha256)).toEqual([ENTRY.sha256, ENTRY.sha256]);
    expect(await files()).toEqual(["tested.gguf"]);
  });

  it("takes the web address of a file", async () => {
    server.behave({ content: model });
    const { path } = await fetchChatModel(`${server.url}some/model.gguf`, { modelsFolder });
    expect(path).toMatch(/127\.0\.0\.1_\d+_some_model\.gguf$/);
    expect(sha256Of(await readFile(path))).toBe(ENTRY.sha256);
  });
});

describe("a file without a published hash", () => {
  it("is compared from then on with the first download", async () => {
    server.behave({ content: model });
    const { path } = await fetchIt(WITHOUT_HASH);
    expect(await readFile(`${path}.sha256`, "utf8")).toBe(`${ENTRY.sha256}  tested.gguf\n`);

    const other = Buffer.concat([model, Buffer.from("changed")]);
    server.behave({ content: other });
    await rm(path);
    await expect(fetchIt(WITHOUT_HASH)).rejects.toThrow(
      `has SHA-256 ${sha256Of(other)} instead of ${ENTRY.sha256} (of the first download; delete`,
    );
    expect(await files()).toEqual(["tested.gguf.sha256"]);
  });

  it("is compared with what the hub says, where it says something", async () => {
    server.behave({ content: model, headers: { "x-linked-etag": `"${"0".repeat(64)}"` } });
    await expect(fetchIt(WITHOUT_HASH)).rejects.toThrow(
      `instead of ${"0".repeat(64)} (as the hub says)`,
    );
    expect(await files()).toEqual([]);
  });

  it("must at least be a GGUF file", async () => {
    server.behave({ content: Buffer.from("<html>Please log in to see this file.</html>") });
    await expect(fetchIt(WITHOUT_HASH)).rejects.toThrow("tested.gguf is not a GGUF file");
    expect(await files()).toEqual([]);
  });
});

describe("a fetch that fails", () => {
  it("names the file and both hashes when the content is wrong, and does not keep it", async () => {
    const wrong = Buffer.from(model);
    wrong[wrong.length - 1]! ^= 1;
    server.behave({ content: wrong });
    const error = await fetchIt(ENTRY).catch((error: HeadroomError) => error);
    expect(error).toHaveProperty("code", "model_failed");
    expect((error as HeadroomError).message).toBe(
      `The chat model tested could not be fetched: tested.gguf has SHA-256 ${sha256Of(wrong)} instead of ` +
        `${ENTRY.sha256} (of the catalogue); it was not kept. Try "npm run model -- get tested" again later, ` +
        `or put the file at ${join(modelsFolder, "tested.gguf")}.`,
    );
    expect(await files()).toEqual([]);
  });

  it("refuses a file of another size before it is downloaded", async () => {
    server.behave({ content: model.subarray(0, 9 << 20) });
    await expect(fetchIt(ENTRY)).rejects.toThrow(
      `the file offered has ${9 << 20} bytes instead of ${model.length}`,
    );
    expect(await files()).toEqual([]);
  });

  it("gives up when a server cuts every answer short", async () => {
    server.behave({ content: model, ranges: false, cutAfter: 1 << 20 });
    await expect(fetchIt(ENTRY, { stallSeconds: 1 })).rejects.toThrow(
      /the download stopped at \d+ bytes: nothing new for 1 s/,
    );
    expect(await files()).not.toContain("tested.gguf");
  });

  it.each([
    [404, "does not have"],
    [401, "without permission"],
    [503, "answers 503"],
  ])("says what a hub that answers %i means", async (status, text) => {
    server.behave({ content: model, status });
    await expect(fetchIt(ENTRY)).rejects.toThrow(text);
    // The downloader, which would try again for minutes, was not asked.
    expect(server.requests).toEqual([{ method: "HEAD", range: undefined }]);
    expect(await files()).toEqual([]);
  });

  it("says that a hub cannot be reached", async () => {
    const gone = await startModelServer({ content: model });
    await gone.close();
    await expect(fetchIt(ENTRY, { hub: gone.url })).rejects.toThrow(
      /127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/,
    );
  });

  it("names what is not an address", async () => {
    await expect(fetchIt("model.gguf")).rejects.toThrow("model.gguf is not the address of a model");
  });

  it("looks elsewhere when the hub has failed, and tells both reasons", async () => {
    server.behave({ content: model, status: 404 });
    const problems: string[] = [];
    const failed = fetchIt(ENTRY, {
      elsewhere: () => Promise.reject(new Error("nothing there either")),
      onProblem: (text) => problems.push(text),
    });
    await expect(failed).rejects.toThrow(/does not have .*; nothing there either/);
    expect(problems).toEqual([expect.stringContaining("does not have")]);
    expect(await files()).toEqual([]);
  });

  it("takes from elsewhere only what is right", async () => {
    server.behave({ content: model, status: 404 });
    const bring = (content: Buffer) => async (folder: string) => {
      const file = join(folder, "brought.gguf");
      await writeFile(file, content);
      return file;
    };
    const short = fetchIt(ENTRY, { elsewhere: bring(model.subarray(1)) });
    await expect(short).rejects.toThrow(/tested\.gguf has \d+ bytes instead of/);
    expect(await fetchIt(ENTRY, { elsewhere: bring(model) })).toMatchObject({ from: "elsewhere" });
    expect(await files()).toEqual(["tested.gguf"]);
  });
});
