import { describe, expect, it } from "@jest/globals";
import { detectHardware } from "./detect.ts";
import { known } from "./facts.ts";
import { makePlan } from "./plan.ts";
import { recordedMachine } from "./testing/recorded-machine.ts";
import { LARGE_MODEL, SAMPLE_FACTS, SMALL_MODEL, WITHOUT_GPU } from "./testing/sample.ts";

const UNKNOWN = { known: false, reason: "nobody knows" } as const;

describe("makePlan for recorded machines", () => {
  /** Layers, threads, context, batch, sequences. */
  it.each<[string, number, number, number, number, number]>([
    // SmolLM2 has 30 layers, so 20 are not all of them.
    ["m1", 20, 3, 1024, 256, 1],
    ["m1-max", -1, 6, 4096, 1024, 4],
    ["m2", -1, 3, 2048, 512, 2],
    ["m3-pro", -1, 4, 2048, 512, 2],
    ["m4-pro-48gb", -1, 7, 4096, 1024, 4],
    ["m5-pro", -1, 11, 4096, 1024, 4],
    ["mac-intel", 0, 4, 2048, 512, 1],
    ["mac-rosetta", 0, 3, 2048, 512, 1],
    // There is a graphics processor, but not the binary for it.
    ["linux-x64", 0, 6, 4096, 1024, 1],
    ["linux-x64-hybrid", 0, 6, 2048, 512, 1],
    ["linux-x64-nvidia", -1, 12, 4096, 1024, 4],
    ["linux-arm64-graviton2", 0, 6, 4096, 1024, 1],
    ["linux-arm64-pi5", 0, 3, 1024, 256, 1],
    ["linux-arm64-rk3588", 0, 3, 2048, 512, 1],
    ["container-docker-mac", 0, 6, 1024, 256, 1],
    // Four cores, but a quota of one and a half.
    ["container-cgroup2", 0, 1, 1024, 256, 1],
    ["container-cgroup1", 0, 1, 1024, 256, 1],
  ])("%s", async (name, gpuLayers, threads, contextSize, batchSize, sequences) => {
    const plan = makePlan(await detectHardware(recordedMachine(name)), SMALL_MODEL);
    expect({
      gpuLayers: plan.gpuLayers.value,
      threads: plan.threads.value,
      contextSize: plan.contextSize.value,
      batchSize: plan.batchSize.value,
      sequences: plan.sequences.value,
    }).toEqual({ gpuLayers, threads, contextSize, batchSize, sequences });
    expect([plan.mmap.value, plan.mlock.value, plan.ropeScale.value]).toEqual([true, false, 1]);
  });
});

describe("makePlan", () => {
  it("says for each value where it comes from", () => {
    const plan = makePlan(SAMPLE_FACTS, SMALL_MODEL, { threads: 2 });
    expect(plan.threads).toEqual({ value: 2, source: "override", why: "set by configuration" });
    expect(plan.contextSize).toEqual({
      value: 2048,
      source: "table",
      why: "the row from 16 GB: 17.2 GB of memory",
    });
  });

  it("puts every override in its place", () => {
    const overrides = {
      gpuLayers: 7,
      threads: 5,
      contextSize: 3000,
      batchSize: 100,
      sequences: 3,
      mmap: false,
      mlock: true,
      ropeScale: 1.5,
    };
    const { memoryBytes, ...plan } = makePlan(SAMPLE_FACTS, SMALL_MODEL, overrides);
    const values = Object.entries(plan).map(([name, { value, source }]) => [name, value, source]);
    expect(values).toEqual(
      expect.arrayContaining(
        Object.entries(overrides).map(([name, value]) => [name, value, "override"]),
      ),
    );
    expect(memoryBytes).toBeGreaterThan(SMALL_MODEL.fileBytes);
  });

  it("takes an override that is undefined for none", () => {
    expect(makePlan(SAMPLE_FACTS, SMALL_MODEL, { threads: undefined })).toEqual(
      makePlan(SAMPLE_FACTS, SMALL_MODEL),
    );
  });

  it("caps the context by the model's training, without scaling", () => {
    const plan = makePlan(SAMPLE_FACTS, { ...SMALL_MODEL, trainContextSize: 1000 });
    expect(plan.contextSize).toMatchObject({ value: 1000, source: "model" });
    expect(plan.ropeScale.value).toBe(1);
  });

  it("scales linearly where configuration asks for more context than the training had", () => {
    const plan = makePlan(SAMPLE_FACTS, SMALL_MODEL, { contextSize: 20_480 });
    expect(plan.ropeScale).toMatchObject({ value: 2.5, source: "model" });
  });

  it("puts the whole model on the graphics processor when it has fewer layers than the row", () => {
    const facts = { ...SAMPLE_FACTS, memoryBytes: known(8.2e9) };
    expect(makePlan(facts, { ...SMALL_MODEL, layers: 19 }).gpuLayers).toMatchObject({
      value: -1,
      source: "model",
    });
    // The twentieth layer is the output layer of a model with nineteen.
    expect(makePlan(facts, { ...SMALL_MODEL, layers: 20 }).gpuLayers.value).toBe(20);
  });

  describe("on a card with memory of its own", () => {
    const card = (freeBytes: number, facts = {}) => ({
      ...SAMPLE_FACTS,
      ...facts,
      gpu: known({
        backend: "cuda" as const,
        name: "some card",
        memory: { totalBytes: 80e9, freeBytes },
      }),
    });

    it("takes the layers that its memory holds, whatever the machine has", () => {
      const layers = (freeBytes: number) =>
        [2e9, 64e9].map(
          (bytes) =>
            makePlan(card(freeBytes, { memoryBytes: known(bytes) }), LARGE_MODEL).gpuLayers.value,
        );
      expect(layers(80e9)).toEqual([-1, -1]);
      expect(layers(0)).toEqual([0, 0]);
      for (const value of layers(4e9)) {
        expect(value).toBeGreaterThan(5);
        expect(value).toBeLessThan(LARGE_MODEL.layers!);
      }
    });

    it("says how many fit, and never plans more of them with less memory", () => {
      expect(makePlan(card(4e9), LARGE_MODEL).gpuLayers).toMatchObject({
        source: "memory",
        why: expect.stringMatching(/^\d+ of 33 layers fit: 4\.0 GB are free on some card$/),
      });
      const each = Array.from({ length: 60 }, (_, i) => {
        const { value } = makePlan(card(i * 2e8), LARGE_MODEL).gpuLayers;
        return value === -1 ? 33 : value;
      });
      expect(each).toEqual(each.toSorted((a, b) => a - b));
    });

    it("has the machine hold what is not on the card", () => {
      const memory = (freeBytes: number) => makePlan(card(freeBytes), LARGE_MODEL).memoryBytes;
      expect(memory(80e9)).toBeLessThan(1.5e9);
      expect(memory(4e9)).toBeGreaterThan(memory(80e9));
      expect(memory(0)).toBeGreaterThan(LARGE_MODEL.fileBytes);
      // A model that the machine has no room for goes to the card, and is not taken off it.
      const small = { availableMemoryBytes: known(3e9) };
      expect(makePlan(card(80e9, small), LARGE_MODEL).gpuLayers.value).toBe(-1);
    });

    it("leaves it to the engine where the card's memory is not known", () => {
      const gpu = known({ backend: "vulkan", name: "some card" } as const);
      const plan = makePlan({ ...SAMPLE_FACTS, gpu, memoryBytes: known(8e9) }, SMALL_MODEL);
      expect(plan.gpuLayers).toMatchObject({
        value: -1,
        why: expect.stringMatching(/engine finds/),
      });
    });

    it("keeps what configuration sets", () => {
      expect(makePlan(card(1e9), LARGE_MODEL, { gpuLayers: 33 }).gpuLayers.value).toBe(33);
    });
  });

  it("reads a small model into memory, and maps a large one", () => {
    expect(makePlan(SAMPLE_FACTS, { fileBytes: 63e6 }).mmap).toMatchObject({ value: false });
    expect(makePlan(SAMPLE_FACTS, { fileBytes: 64e6 }).mmap).toMatchObject({ value: true });
    expect(makePlan(SAMPLE_FACTS, { fileBytes: 63e6 }, { mmap: true }).mmap.value).toBe(true);
  });

  it.each([
    [4, 1],
    [12, 2],
    [64, 2],
  ])("without a graphics processor generates side by side by threads: %d cores", (cores, most) => {
    const facts = { ...WITHOUT_GPU, performanceCores: known(cores), usableCores: known(cores) };
    expect(makePlan(facts, SMALL_MODEL).sequences.value).toBe(most);
  });

  it("takes the lowest rows, with the reason, where facts are not known", () => {
    const facts = { ...SAMPLE_FACTS, memoryBytes: UNKNOWN, gpu: UNKNOWN };
    const plan = makePlan(facts, SMALL_MODEL);
    expect([plan.gpuLayers.value, plan.contextSize.value, plan.sequences.value]).toEqual([
      0, 1024, 1,
    ]);
    expect(plan.contextSize.why).toContain("nobody knows");
    expect(plan.gpuLayers.why).toContain("nobody knows");
  });

  it("counts usable cores where the kinds are not known, and one where nothing is", () => {
    const facts = { ...SAMPLE_FACTS, performanceCores: UNKNOWN };
    expect(makePlan(facts, SMALL_MODEL).threads.value).toBe(7);
    expect(makePlan({ ...facts, usableCores: UNKNOWN }, SMALL_MODEL).threads.value).toBe(1);
  });

  it("reduces sequences first, then context and batch, then the graphics processor", () => {
    const facts = { ...SAMPLE_FACTS, memoryBytes: known(64e9) };
    const steps = [20e9, 8e9, 7e9, 6e9, 5.6e9, 5.4e9, 5.27e9, 5.24e9, 5e9].map((free) => {
      const plan = makePlan({ ...facts, availableMemoryBytes: known(free) }, LARGE_MODEL);
      const { sequences, contextSize, batchSize, gpuLayers } = plan;
      return [sequences, contextSize, batchSize, gpuLayers].map(({ value }) => value);
    });
    expect(steps).toEqual([
      [4, 4096, 1024, -1],
      [2, 4096, 1024, -1],
      [1, 2048, 512, -1],
      [1, 1024, 256, -1],
      [1, 512, 256, -1],
      [1, 512, 128, -1],
      [1, 512, 64, -1],
      [1, 512, 64, 0],
      [1, 512, 64, 0],
    ]);
  });

  it("gives the reason for what it reduced", () => {
    const facts = { ...SAMPLE_FACTS, availableMemoryBytes: known(5.6e9) };
    const { contextSize } = makePlan(facts, LARGE_MODEL);
    expect(contextSize.source).toBe("memory");
    expect(contextSize.why).toMatch(
      /^lowered because \d+\.\d GB would be needed and 5\.6 GB is free$/,
    );
  });
});
