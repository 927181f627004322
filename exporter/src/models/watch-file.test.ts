import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { mkdtemp, rename, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { generatedModel, splitModel } from "../engine/llama/testing/generated-model.ts";
import { watchFile, type FileWatch } from "./watch-file.ts";

const LOOK_SECONDS = 0.02;
let folder: string;
let file: string;
let watch: FileWatch | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-watch-"));
  file = join(folder, "own.gguf");
  await writeFile(file, generatedModel());
});
afterEach(async () => {
  watch?.close();
  await rm(folder, { recursive: true });
});

/** What it says after a change, and how often it said so. */
async function after(change: () => Promise<void>, path = file): Promise<string[]> {
  const said: string[] = [];
  watch = await watchFile(path, (what) => said.push(what), LOOK_SECONDS);
  await sleep(100);
  expect(watch.changed).toBeUndefined();
  await change();
  for (let i = 0; i < 12_000 && said.length === 0; i++) await sleep(20);
  await sleep(100);
  expect(said).toEqual([watch.changed]);
  return said;
}

describe("watching a model's file", () => {
  it.each<[string, () => Promise<void>, RegExp]>([
    ["written to in place", () => writeFile(file, "other", { flag: "r+" }), /was changed since/],
    ["made shorter", () => truncate(file, 100), /was changed since/],
    ["given another time", () => utimes(file, 1, 1), /was changed since/],
    [
      "replaced by another",
      async () => {
        await writeFile(`${file}.new`, generatedModel());
        await rename(`${file}.new`, file);
      },
      /was changed since/,
    ],
    ["taken away", () => rm(file), /is gone since/],
  ])("says once that it was %s", async (_, change, what) => {
    const [said] = await after(change);
    expect(said).toMatch(what);
    expect(said).toContain(file);
  });

  it("sees each part of a model in several", async () => {
    const path = (i: number) => join(folder, `split-0000${i}-of-00002.gguf`);
    for (const [i, bytes] of splitModel(2).entries()) await writeFile(path(i + 1), bytes);
    const [said] = await after(() => truncate(path(2), 100), path(1));
    expect(said).toContain(path(2));
  });

  it("says nothing of a file that is only read, nor after it is closed", async () => {
    const said: string[] = [];
    watch = await watchFile(file, (what) => said.push(what), LOOK_SECONDS);
    watch.close();
    await truncate(file, 100);
    await sleep(150);
    expect(said).toEqual([]);
    expect(watch.changed).toBeUndefined();
  });
});
