import { describe, expect, it } from "@jest/globals";
import { detectHardware } from "./detect.ts";
import { valueOf } from "./facts.ts";
import { MACHINES, recordedMachine, machineOf } from "./testing/recorded-machine.ts";

const PAGE = 16_384;

/** What anonymous, wired and compressed pages leave of a Mac's memory; all of these have some purgeable. */
const left = (
  gib: number,
  [anonymous, wired, compressed]: readonly number[],
  page = PAGE,
): number => gib * 2 ** 30 - page * (anonymous! - 17_340 + wired! + compressed!);
const KIB = 1024;
const GIB = 2 ** 30;

/** Brand, performance, efficiency and usable cores, memory, free memory, graphics. */
type Expected = readonly [string | undefined, number, number, number, number, number, string?];

const EXPECTED: Readonly<Record<string, Expected>> = {
  m1: ["Apple M1", 4, 4, 8, 8 * GIB, left(8, [200_206, 111_483, 92_179]), "metal"],
  "m1-max": ["Apple M1 Max", 8, 2, 10, 32 * GIB, left(32, [640_114, 213_820, 51_004]), "metal"],
  m2: ["Apple M2", 4, 4, 8, 24 * GIB, left(24, [520_870, 190_110, 80_233]), "metal"],
  "m3-pro": ["Apple M3 Pro", 6, 6, 12, 18 * GIB, left(18, [402_880, 170_233, 90_177]), "metal"],
  "m4-pro-48gb": [
    ...(["Apple M4 Pro", 10, 4, 14, 48 * GIB] as const),
    ...([left(48, [820_330, 280_114, 20_311]), "metal"] as const),
  ],
  // Five super and ten performance cores, no efficiency core.
  "m5-pro": [
    ...(["Apple M5 Pro", 15, 0, 15, 48 * GIB] as const),
    ...([left(48, [700_240, 260_120, 11_840]), "metal"] as const),
  ],
  "mac-intel": [
    ...(["Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz", 6, 0, 12, 16 * GIB] as const),
    left(16, [985_320, 715_958, 0], 4096),
  ],
  "mac-rosetta": ["Apple M1", 4, 4, 8, 16 * GIB, left(16, [390_220, 151_930, 40_110])],
  "linux-x64": [
    ...(["AMD Ryzen 7 7700 8-Core Processor", 8, 0, 16, 32_095_464 * KIB] as const),
    ...([27_804_112 * KIB, "vulkan"] as const),
  ],
  // Only lavapipe is installed, which computes on the processor.
  "linux-x64-hybrid": [
    ...(["12th Gen Intel(R) Core(TM) i7-12700K", 8, 4, 20, 16_219_768 * KIB] as const),
    12_690_312 * KIB,
  ],
  "linux-x64-nvidia": [
    ...(["Intel(R) Xeon(R) Platinum 8480+", 16, 0, 16, 131_890_912 * KIB] as const),
    ...([126_014_480 * KIB, "cuda"] as const),
  ],
  "linux-arm64-graviton2": ["ARM Neoverse-N1", 8, 0, 8, 32_367_840 * KIB, 31_200_412 * KIB],
  "linux-arm64-pi5": [
    ...(["ARM Cortex-A76, Raspberry Pi 5 Model B Rev 1.0", 4, 0, 4, 8_255_664 * KIB] as const),
    7_401_220 * KIB,
  ],
  "linux-arm64-rk3588": [
    ...(["ARM Cortex-A55 + ARM Cortex-A76, Radxa ROCK 5B", 4, 4, 8, 16_137_364 * KIB] as const),
    14_902_116 * KIB,
  ],
  "container-docker-mac": [undefined, 8, 0, 8, 8_135_784 * KIB, 6_710_100 * KIB],
  // Used is what is charged without the inactive page cache.
  "container-cgroup2": [
    ...(["Intel(R) Xeon(R) CPU @ 2.20GHz", 4, 0, 1.5, 4 * GIB] as const),
    4 * GIB - (901_775_360 - 401_604_608),
  ],
  "container-cgroup1": [
    ...(["Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz", 2, 0, 2, 2 * GIB] as const),
    2 * GIB - (734_003_200 - 209_715_200),
  ],
};

describe("detectHardware on recorded machines", () => {
  it("has an expectation for each of them", () => {
    expect(MACHINES).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(Object.entries(EXPECTED))("understands %s", async (name, expected) => {
    const facts = await detectHardware(recordedMachine(name));
    const values = [
      facts.brand,
      facts.performanceCores,
      facts.efficiencyCores,
      facts.usableCores,
      facts.memoryBytes,
      facts.availableMemoryBytes,
    ].map((fact) => valueOf<string | number>(fact));
    expect(values).toEqual(expected.slice(0, 6));
    expect(facts.gpu).toMatchObject({ known: true });
    expect(valueOf(facts.gpu)?.backend).toBe(expected[6]);
  });

  it("reads the chip of Apple Silicon, and none elsewhere", async () => {
    const max = await detectHardware(recordedMachine("m1-max"));
    const intel = await detectHardware(recordedMachine("mac-intel"));
    expect(max.appleChip).toEqual({ generation: 1, tier: "Max" });
    expect(intel).not.toHaveProperty("appleChip");
  });

  it("tells that a Node for Intel is translated on an Apple chip, and only there", async () => {
    const translated = await Promise.all(
      MACHINES.map(async (name) => [
        name,
        (await detectHardware(recordedMachine(name))).translated,
      ]),
    );
    expect(translated.filter(([, flag]) => flag)).toEqual([["mac-rosetta", true]]);
  });

  it("names the graphics processor", async () => {
    const names = ["linux-x64", "linux-x64-nvidia", "m2"].map(async (name) =>
      valueOf((await detectHardware(recordedMachine(name))).gpu),
    );
    expect((await Promise.all(names)).map((gpu) => gpu?.name)).toEqual([
      "AMD graphics",
      "NVIDIA H100 80GB HBM3",
      "Apple M2",
    ]);
  });

  it("reads the memory of an NVIDIA card, where its program says it", async () => {
    const card = (answer: string) =>
      machineOf(
        ">>> machine linux x64 parallelism=1\n>>> run nvidia-smi -L\nGPU 0: NVIDIA T4 (UUID: GPU-0)\n" +
          `>>> run nvidia-smi --query-gpu=memory.total,memory.free --format=csv,noheader,nounits\n${answer}\n`,
      );
    const memoryOf = async (answer: string) =>
      valueOf((await detectHardware(card(answer))).gpu)?.memory;
    expect(await memoryOf("15360, 14914\n15360, 1")).toEqual({
      totalBytes: 15_360 * 2 ** 20,
      freeBytes: 14_914 * 2 ** 20,
    });
    expect(await memoryOf("[N/A], [N/A]")).toBeUndefined();
  });

  it("tells whether the engine's binary for the graphics processor is installed", async () => {
    const binaries = ["linux-x64", "linux-x64-nvidia", "m2"].map(
      async (name) => valueOf((await detectHardware(recordedMachine(name))).gpu)?.binary,
    );
    expect(await Promise.all(binaries)).toEqual(["missing", "installed", undefined]);
  });

  it("tells containers, where their limits come from, and what the host has", async () => {
    const found = await Promise.all(
      ["container-cgroup1", "container-cgroup2", "container-docker-mac", "linux-x64"].map(
        async (name) => {
          const { inContainer, container, hostCores, hostMemoryBytes } = await detectHardware(
            recordedMachine(name),
          );
          return [inContainer, container, hostCores, hostMemoryBytes];
        },
      ),
    );
    expect(found).toEqual([
      [true, "cgroup1", 4, 15_935_488 * KIB],
      [true, "cgroup2", 8, 32_860_060 * KIB],
      [true, "none", undefined, undefined],
      [false, "none", undefined, undefined],
    ]);
  });
});
