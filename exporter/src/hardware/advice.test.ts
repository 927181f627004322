import { describe, expect, it } from "@jest/globals";
import { adviseOn } from "./advice.ts";
import { detectHardware } from "./detect.ts";
import { type HardwareFacts, known } from "./facts.ts";
import { makePlan, type ModelShape, type PlanOverrides } from "./plan.ts";
import { MACHINES, recordedMachine } from "./testing/recorded-machine.ts";
import { LARGE_MODEL, SAMPLE_FACTS, SMALL_MODEL } from "./testing/sample.ts";

function advise(facts: HardwareFacts, model: ModelShape = SMALL_MODEL, set: PlanOverrides = {}) {
  return adviseOn(facts, { plan: makePlan(facts, model, set), model });
}

function codes(...situation: Parameters<typeof advise>) {
  return advise(...situation).map(({ code }) => code);
}

describe("adviseOn recorded machines", () => {
  it.each<[string, string[]]>([
    // 6.2 of 8.6 GB are used, and the model takes 0.4.
    ["m1", ["close_to_memory_limit"]],
    ["m4-pro-48gb", ["larger_quantisation"]],
    ["mac-rosetta", ["rosetta_translation", "larger_quantisation"]],
    ["linux-x64-nvidia", ["larger_quantisation"]],
    ["linux-x64", ["gpu_without_support", "larger_quantisation"]],
    ["linux-arm64-graviton2", ["larger_quantisation"]],
    [
      "container-docker-mac",
      ["metal_unavailable_in_container", "unknown_facts", "larger_quantisation"],
    ],
    [
      "container-cgroup2",
      ["few_cores", "container_cpu_limit", "container_memory_limit", "larger_quantisation"],
    ],
  ])("%s", async (name, expected) => {
    expect(codes(await detectHardware(recordedMachine(name)))).toEqual(expected);
  });

  it("says each thing once, with whole sentences, and warnings first", async () => {
    for (const name of MACHINES) {
      for (const model of [SMALL_MODEL, LARGE_MODEL]) {
        const advice = advise(await detectHardware(recordedMachine(name)), model);
        const texts = advice.flatMap(({ what, why, effect }) => [what, why, effect]);
        expect(texts.filter((text) => !/^\S.*\.$/.test(text))).toEqual([]);
        expect(new Set(advice.map(({ code }) => code)).size).toBe(advice.length);
        const severities = advice.map(({ severity }) => severity);
        expect(severities).toEqual([...severities].sort().reverse());
      }
    }
  });
});

describe("adviseOn memory", () => {
  const CAPACITY = 2 ** 34;
  const free = (bytes: number, capacityBytes = CAPACITY): HardwareFacts => ({
    ...SAMPLE_FACTS,
    availableMemoryBytes: known(bytes),
    memory: { system: { usedBytes: capacityBytes - bytes, capacityBytes } },
  });

  it("names the overrides that do not fit", () => {
    const advice = advise(free(6e9), LARGE_MODEL, { contextSize: 8192, sequences: 8 });
    expect(advice[0]).toMatchObject({ code: "override_does_not_fit", severity: "warning" });
    expect(advice[0]!.what).toContain("sequences, contextSize");
    expect(advice.map(({ code }) => code)).toContain("smaller_context");
  });

  it("asks for a smaller model where even the smallest plan does not fit", () => {
    expect(codes(free(3e9), LARGE_MODEL)).toEqual([
      "model_does_not_fit",
      "smaller_quantisation",
      "plan_reduced",
    ]);
  });

  it("warns from the level of the memory alert on, and not below", () => {
    const plan = makePlan(SAMPLE_FACTS, SMALL_MODEL);
    // Used now, so that 70 % are used once the model is loaded.
    const used = 0.7 * CAPACITY - plan.memoryBytes;
    expect(codes(free(CAPACITY - used + 1e6))).not.toContain("close_to_memory_limit");
    expect(codes(free(CAPACITY - used - 1e6))).toContain("close_to_memory_limit");
  });

  it("says which level of the alert is reached, and which ceiling binds", () => {
    const why = (facts: HardwareFacts) => advise(facts)[0]!.why;
    expect(why(free(1.2e9))).toContain(
      "the alert is critical from 14.6 GB on, 85 % of the machine's 17.2 GB",
    );
    expect(why(free(15e9, 64e9))).toContain(
      "the alert is critical from 40.8 GB on, the limit in bytes (the machine has 64.0 GB)",
    );
    const container = { usedBytes: 3.5e9, capacityBytes: 4e9 };
    const held = { ...free(50e9, 64e9), availableMemoryBytes: known(0.5e9) };
    expect(why({ ...held, memory: { ...held.memory, container } })).toContain(
      "from 3.4 GB on, 85 % of the container's 4.0 GB",
    );
  });

  it("says nothing about a model where none is wanted, only about the machine", () => {
    const tight = { ...free(0.3e9), usableCores: known(2) };
    expect(codes(tight)).toContain("model_does_not_fit");
    expect(adviseOn(tight, undefined).map(({ code }) => code)).toEqual(["few_cores"]);
  });

  it("says what was lowered", () => {
    const reduced = advise(free(5.6e9), LARGE_MODEL).find(({ code }) => code === "plan_reduced");
    expect(reduced!.why).toContain("sequences, contextSize, batchSize");
  });

  it("suggests a larger model where the weights have eight bits already", () => {
    expect(codes(free(12e9), { ...SMALL_MODEL, bitsPerWeight: 8.5 })).toEqual(["larger_model"]);
  });

  it("suggests nothing larger that would set off the alert", () => {
    expect(codes(free(12e9, 20e9), LARGE_MODEL)).not.toContain("larger_quantisation");
  });
});

describe("adviseOn the context", () => {
  it("mentions that positions are stretched", () => {
    expect(codes(SAMPLE_FACTS, SMALL_MODEL, { contextSize: 16_384 })).toContain(
      "context_stretched",
    );
  });

  it("warns when the scale that is set does not reach", () => {
    const [advice] = advise(SAMPLE_FACTS, SMALL_MODEL, { contextSize: 16_384, ropeScale: 1 });
    expect(advice).toMatchObject({ code: "context_beyond_training", severity: "warning" });
  });
});

describe("adviseOn the machine", () => {
  it("warns about a single core, and only mentions three", () => {
    const few = (cores: number) =>
      advise({ ...SAMPLE_FACTS, usableCores: known(cores) }).find(
        ({ code }) => code === "few_cores",
      );
    expect([few(1)?.severity, few(3)?.severity, few(4)]).toEqual(["warning", "info", undefined]);
  });

  it("lists what is not known with its reason", () => {
    const advice = advise({ ...SAMPLE_FACTS, brand: { known: false, reason: "it is hidden" } });
    expect(advice.find(({ code }) => code === "unknown_facts")!.why).toBe(
      "Not known: brand (it is hidden).",
    );
  });

  it("does not take an ARM container with a named processor for a Mac", () => {
    const facts: HardwareFacts = {
      ...SAMPLE_FACTS,
      platform: "linux",
      inContainer: true,
      gpu: known(undefined),
    };
    expect(codes(facts)).toContain("metal_unavailable_in_container");
    expect(codes({ ...facts, brand: known("ARM Neoverse-N1") })).not.toContain(
      "metal_unavailable_in_container",
    );
  });

  it("names the setting that adds the missing binary, where there is one", () => {
    const gpu = known({ backend: "cuda", name: "some card", binary: "missing" } as const);
    const facts = { ...SAMPLE_FACTS, gpu };
    const [advice] = advise({ ...facts, arch: "x64" });
    expect(advice).toMatchObject({ code: "gpu_without_support" });
    expect(advice!.what).toContain("HEADROOM_GPU=cuda npm start");
    expect(codes(facts)).not.toContain("gpu_without_support");
  });
});
