import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Fact, type HardwareFacts, known } from "./facts.ts";
import { makePlan, type ModelShape, type PlanOverrides } from "./plan.ts";
import { SAMPLE_FACTS } from "./testing/sample.ts";

const bytes = (max: number) => fc.double({ min: 0, max, noNaN: true });

function fact<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Fact<T>> {
  return fc.oneof(
    { weight: 4, arbitrary: value.map(known) },
    { weight: 1, arbitrary: fc.constant({ known: false, reason: "unknown" } as const) },
  );
}

const machines: fc.Arbitrary<HardwareFacts> = fc
  .record({
    usableCores: fact(fc.double({ min: 0.01, max: 256, noNaN: true })),
    performanceCores: fact(fc.integer({ min: 1, max: 256 })),
    memoryBytes: fact(bytes(256e9)),
    availableMemoryBytes: fact(bytes(64e9)),
    gpu: fact(fc.constantFrom(undefined, { backend: "metal" as const, name: "some chip" })),
  })
  .map((some) => ({ ...SAMPLE_FACTS, ...some }));

const models: fc.Arbitrary<ModelShape> = fc.record(
  {
    fileBytes: fc.integer({ min: 1, max: 40_000_000_000 }),
    layers: fc.integer({ min: 1, max: 120 }),
    trainContextSize: fc.integer({ min: 64, max: 131_072 }),
    embeddingSize: fc.integer({ min: 64, max: 16_384 }),
    kvHeads: fc.integer({ min: 1, max: 64 }),
    headSize: fc.integer({ min: 32, max: 256 }),
    vocabularySize: fc.integer({ min: 100, max: 262_144 }),
  },
  { requiredKeys: ["fileBytes"] },
);

const overrides: fc.Arbitrary<PlanOverrides> = fc.record(
  {
    gpuLayers: fc.integer({ min: -1, max: 100 }),
    threads: fc.integer({ min: 1, max: 64 }),
    contextSize: fc.integer({ min: 1, max: 200_000 }),
    batchSize: fc.integer({ min: 1, max: 4096 }),
    sequences: fc.integer({ min: 1, max: 64 }),
  },
  { requiredKeys: [] },
);

describe("every plan", () => {
  it("has whole values of at least one, and fewer threads than cores where it can", () => {
    fc.assert(
      fc.property(machines, models, (facts, model) => {
        const plan = makePlan(facts, model);
        for (const { value } of [plan.threads, plan.contextSize, plan.batchSize, plan.sequences]) {
          expect(Number.isInteger(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(1);
        }
        expect([-1, 0, 10, 20]).toContain(plan.gpuLayers.value);
        if (facts.usableCores.known) {
          expect(plan.threads.value).toBeLessThanOrEqual(Math.max(1, facts.usableCores.value));
        }
      }),
    );
  });

  it("uses no graphics processor that is not there", () => {
    fc.assert(
      fc.property(machines, models, (facts, model) => {
        fc.pre(!facts.gpu.known || facts.gpu.value === undefined);
        expect(makePlan(facts, model).gpuLayers.value).toBe(0);
      }),
    );
  });

  it("reaches beyond the model's training only by scaling, and only when told to", () => {
    fc.assert(
      fc.property(machines, models, overrides, (facts, model, set) => {
        const { contextSize, ropeScale } = makePlan(facts, model, set);
        const trained = model.trainContextSize ?? Infinity;
        expect(contextSize.value).toBeLessThanOrEqual(trained * ropeScale.value * (1 + 1e-12));
        expect(ropeScale.value).toBeGreaterThanOrEqual(1);
        if (set.contextSize === undefined) expect(ropeScale.value).toBe(1);
      }),
    );
  });

  it("fits into the free memory, or nothing is left to reduce", () => {
    fc.assert(
      fc.property(machines, models, overrides, (facts, model, set) => {
        const plan = makePlan(facts, model, set);
        const free = facts.availableMemoryBytes;
        if (!free.known || plan.memoryBytes <= free.value) return;
        expect(plan.sequences.value).toBe(set.sequences ?? 1);
        expect(plan.contextSize.value).toBeLessThanOrEqual(set.contextSize ?? 512);
        expect(plan.batchSize.value).toBe(set.batchSize ?? 64);
        expect(plan.gpuLayers.value).toBe(set.gpuLayers ?? 0);
      }),
    );
  });

  it("keeps every override", () => {
    fc.assert(
      fc.property(machines, models, overrides, (facts, model, set) => {
        const plan = makePlan(facts, model, set);
        for (const name of Object.keys(set) as (keyof PlanOverrides)[]) {
          expect(plan[name]).toMatchObject({ value: set[name], source: "override" });
        }
      }),
    );
  });

  it("reduces nothing that fits", () => {
    fc.assert(
      fc.property(machines, models, overrides, (facts, model, set) => {
        const roomy = { ...facts, availableMemoryBytes: known(1e15) };
        for (const planned of Object.values(makePlan(roomy, model, set))) {
          if (typeof planned === "object") expect(planned.source).not.toBe("memory");
        }
      }),
    );
  });

  it("has no smaller context when the machine has more memory, free or in all", () => {
    fc.assert(
      fc.property(
        machines,
        models,
        overrides,
        bytes(64e9),
        bytes(64e9),
        (facts, model, set, more, moreFree) => {
          const { memoryBytes, availableMemoryBytes } = facts;
          const grown = {
            ...facts,
            memoryBytes: memoryBytes.known ? known(memoryBytes.value + more) : memoryBytes,
            availableMemoryBytes: availableMemoryBytes.known
              ? known(availableMemoryBytes.value + moreFree)
              : availableMemoryBytes,
          };
          expect(makePlan(grown, model, set).contextSize.value).toBeGreaterThanOrEqual(
            makePlan(facts, model, set).contextSize.value,
          );
        },
      ),
      { numRuns: 2000 },
    );
  });
});
