import { describe, expect, it } from "@jest/globals";
import { planMemory } from "./plan-memory.ts";
import { LARGE_MODEL, SMALL_MODEL } from "./testing/sample.ts";

const MIB = 2 ** 20;
const choice = { contextSize: 4096, batchSize: 512, sequences: 4, gpuLayers: 0 };

describe("planMemory", () => {
  // llama.cpp says "CPU KV buffer size = 360.00 MiB" for these values.
  it("has the KV cache that llama.cpp allocates", () => {
    expect(planMemory(SMALL_MODEL, choice).kvCache).toBe(360 * MIB);
    expect(planMemory(LARGE_MODEL, choice).kvCache).toBe(4 * 512 * MIB);
  });

  it.each([
    [64, 12.81],
    [256, 49.13],
    [512, 102.51],
    [1024, 196.5],
  ])(
    "allows for the compute buffer that llama.cpp reserves: batch %d, %d MiB",
    (batchSize, mib) => {
      const { computeBuffers } = planMemory(SMALL_MODEL, { ...choice, batchSize });
      expect(computeBuffers).toBeGreaterThanOrEqual(mib * MIB);
      expect(computeBuffers).toBeLessThanOrEqual(1.3 * mib * MIB);
    },
  );

  it("counts a second compute buffer when a graphics processor takes part", () => {
    const onGpu = planMemory(SMALL_MODEL, { ...choice, gpuLayers: -1 });
    const without = planMemory(SMALL_MODEL, choice);
    expect(onGpu.computeBuffers).toBe(2 * without.computeBuffers);
  });

  it("adds up", () => {
    const { weights, kvCache, computeBuffers, process, total } = planMemory(LARGE_MODEL, choice);
    expect(weights).toBe(4.9e9);
    expect(total).toBe(weights + kvCache + computeBuffers + process);
  });

  it("takes the heads to fill the embedding when they are not known", () => {
    const { kvHeads, headSize, ...unknown } = LARGE_MODEL;
    const factor = LARGE_MODEL.embeddingSize! / (kvHeads! * headSize!);
    expect(planMemory(unknown, choice).kvCache).toBe(
      factor * planMemory(LARGE_MODEL, choice).kvCache,
    );
  });

  it("takes an unknown model for a large one", () => {
    const unknown = planMemory({ fileBytes: LARGE_MODEL.fileBytes }, choice);
    expect(unknown.total).toBe(planMemory(LARGE_MODEL, choice).total);
  });
});
