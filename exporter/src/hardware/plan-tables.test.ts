import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { GPU_ROWS, rowFor, SIZE_ROWS, threadsFor } from "./plan-tables.ts";

describe("rows by memory", () => {
  /** What machines report, in bytes, with their layers, context, batch and sequences. */
  it.each([
    ["Mac sold with 8 GB", 8_589_934_592, 20, 1024, 256, 1],
    ["Raspberry Pi sold with 8 GB", 8_255_664 * 1024, 20, 1024, 256, 1],
    ["cloud machine sold with 8 GB", 8.05e9, 20, 1024, 256, 1],
    ["machine sold with 4 GB", 4.1e9, 10, 1024, 256, 1],
    ["Mac sold with 16 GB", 17_179_869_184, -1, 2048, 512, 2],
    ["Linux PC sold with 16 GB", 16.6e9, -1, 2048, 512, 2],
    ["Linux PC whose graphics keep 2 GB of 16", 14.6e9, 20, 1024, 256, 1],
    ["Mac sold with 24 GB", 25_769_803_776, -1, 2048, 512, 2],
    ["Mac sold with 32 GB", 34_359_738_368, -1, 4096, 1024, 4],
    ["Linux PC sold with 32 GB", 32.8e9, -1, 4096, 1024, 4],
    ["container of 16 GiB", 2 ** 34, -1, 2048, 512, 2],
  ])("%s", (_, bytes, gpuLayers, contextSize, batchSize, sequences) => {
    expect(rowFor(GPU_ROWS, bytes).gpuLayers).toBe(gpuLayers);
    expect(rowFor(SIZE_ROWS, bytes)).toMatchObject({ contextSize, batchSize, sequences });
  });

  it.each([
    [8e9, 20, 1024],
    [8e9 - 1, 10, 1024],
    [16e9, -1, 2048],
    [16e9 - 1, 20, 1024],
    [32e9, -1, 4096],
    [32e9 - 1, -1, 2048],
  ])("begin exactly at their size: %d bytes", (bytes, gpuLayers, contextSize) => {
    expect(rowFor(GPU_ROWS, bytes).gpuLayers).toBe(gpuLayers);
    expect(rowFor(SIZE_ROWS, bytes).contextSize).toBe(contextSize);
  });

  it("are the lowest when memory is not known", () => {
    expect([rowFor(GPU_ROWS, undefined), rowFor(SIZE_ROWS, undefined)]).toEqual([
      GPU_ROWS[2],
      SIZE_ROWS[2],
    ]);
  });
});

describe("threadsFor", () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [6, 4],
    [8, 6],
    [10, 7],
    [12, 9],
  ])("%d cores give %d threads", (cores, threads) => {
    expect(threadsFor(cores)).toBe(threads);
  });

  it("leaves a core to the system where there are two, and never falls with more cores", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 512 }), (cores) => {
        expect(threadsFor(cores)).toBeGreaterThanOrEqual(threadsFor(cores - 1));
        expect(threadsFor(cores)).toBeGreaterThanOrEqual(1);
        expect(threadsFor(cores)).toBeLessThan(cores);
      }),
    );
  });
});
