import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from "@jest/globals";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { setTimeout as sleep } from "node:timers/promises";
import { fingerprint } from "./fingerprint.ts";
import { generatedModel, splitModel } from "./testing/generated-model.ts";

let folder: string;
let file: string;
let keptIn: string;
/** A model that was written longer ago than a file counts as just written. */
let settled: string;
beforeAll(async () => {
  settled = join(await mkdtemp(join(tmpdir(), "headroom-fingerprint-")), "settled.gguf");
  await writeFile(settled, generatedModel());
  await sleep(2_100);
});
afterAll(() => rm(dirname(settled), { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-fingerprint-"));
  file = join(folder, "model.gguf");
  keptIn = join(folder, "state", "model-hashes");
  await writeFile(file, generatedModel());
});
afterEach(() => rm(folder, { recursive: true }));

const print = (instructions = {}) => fingerprint(file, instructions, keptIn);
const printSettled = () => fingerprint(settled, {}, keptIn);

describe("the fingerprint of a model", () => {
  it("differs when any byte does, wherever it stands", async () => {
    const bytes = Buffer.concat([generatedModel(), Buffer.alloc(3e6)]);
    await writeFile(file, bytes);
    const original = await fingerprint(file, {});
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, xor) => {
          const other = Buffer.from(bytes);
          other[at]! ^= xor;
          await writeFile(file, other);
          expect(await fingerprint(file, {})).not.toBe(original);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("differs by how the model is asked", async () => {
    expect(await print({ template: "a" })).not.toBe(await print({ template: "b" }));
    expect(await print({ template: "a" })).toBe(await print({ template: "a" }));
  });

  it("covers every part of a model in several", async () => {
    const path = (i: number) => join(folder, `split-0000${i}-of-00002.gguf`);
    const files = splitModel(2);
    for (const [i, bytes] of files.entries()) await writeFile(path(i + 1), bytes);
    const before = await fingerprint(path(1), {});
    files[1]![files[1]!.length - 1]! ^= 1;
    await writeFile(path(2), files[1]!);
    expect(await fingerprint(path(1), {})).not.toBe(before);
  });

  it("is not kept of a file that was written a moment ago", async () => {
    await print();
    await expect(readdir(keptIn)).rejects.toThrow("ENOENT");
  });

  it.each(["", "{}", "null", '{"sha256":1}', "not JSON"])(
    "is calculated when %j was kept",
    async (text) => {
      const first = await printSettled();
      const [side] = await readdir(keptIn);
      await writeFile(join(keptIn, side!), text);
      expect(await printSettled()).toBe(first);
      expect(await readFile(join(keptIn, side!), "utf8")).not.toBe(text);
    },
  );

  it("is given where it cannot be kept, and that is said", async () => {
    const said = jest.spyOn(console, "warn").mockImplementation(() => {});
    // A file stands where the folder should be.
    await writeFile(join(folder, "state"), "");
    expect(await printSettled()).toBe(await fingerprint(settled, {}));
    expect(said.mock.calls).toEqual([[expect.stringMatching(/cannot be kept.*ENOTDIR/)]]);
    said.mockRestore();
  });

  // Last, since it changes the settled file.
  it("is kept, and read instead of the file while the file stays as it is", async () => {
    const first = await printSettled();
    const [side] = await readdir(keptIn);
    const kept = JSON.parse(await readFile(join(keptIn, side!), "utf8")) as { sha256: string };
    expect(kept.sha256).toMatch(/^[\da-f]{64}$/);
    await writeFile(join(keptIn, side!), JSON.stringify({ ...kept, sha256: "0".repeat(64) }));
    const fromSide = await printSettled();
    expect(fromSide).not.toBe(first);
    // The same size and time as before, as a copy that keeps times has; only its change tells.
    const { atime, mtime } = await stat(settled);
    const other = generatedModel();
    other[other.length - 1]! ^= 1;
    await writeFile(settled, other);
    await utimes(settled, atime, mtime);
    expect([fromSide, first]).not.toContain(await printSettled());
  });
});
