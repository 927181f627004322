import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { detectHardware } from "./detect.ts";
import type { Fact, HardwareFacts } from "./facts.ts";
import type { HardwareSources } from "./sources.ts";
import { MACHINES, machineOf, recordedMachine } from "./testing/recorded-machine.ts";

const FACTS = [
  "brand",
  "usableCores",
  "performanceCores",
  "efficiencyCores",
  "memoryBytes",
  "availableMemoryBytes",
  "gpu",
] as const;

function fact(facts: HardwareFacts, name: (typeof FACTS)[number]): Fact<unknown> {
  return facts[name];
}

/** Breaks readings one after the other, as the list says; after its end they work. */
function broken(
  sources: HardwareSources,
  failures: ("works" | "fails" | "hangs" | "lies")[],
): HardwareSources {
  const left = [...failures];
  const reading = <T>(real: () => Promise<T>, lie: T): Promise<T> => {
    const next = left.shift() ?? "works";
    if (next === "fails") return Promise.reject(new Error("broken"));
    if (next === "hangs") return new Promise(() => {});
    return next === "lies" ? Promise.resolve(lie) : real();
  };
  return {
    ...sources,
    run: (command, args) => reading(() => sources.run(command, args), "-: x\n:\n"),
    readFile: (path) => reading(() => sources.readFile(path), "max -1 \0"),
    exists: (path) => reading(() => sources.exists(path), true),
    list: (path) => reading(() => sources.list(path), ["nothing"]),
  };
}

describe("detectHardware when readings fail", () => {
  it("never rejects, and gives a sensible value or a reason for each fact", async () => {
    const failure = fc.constantFrom("works" as const, "fails" as const, "lies" as const);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...MACHINES),
        fc.array(failure, { maxLength: 60 }),
        async (name, failures) => {
          const facts = await detectHardware(broken(recordedMachine(name), failures));
          for (const key of FACTS) {
            const found = fact(facts, key);
            if (!found.known) expect(found.reason).not.toBe("");
            else if (typeof found.value === "number") {
              expect(found.value).toBeGreaterThanOrEqual(0);
              expect(found.value).toBeLessThan(Infinity);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each(["m1", "linux-x64"])("does not wait for readings that hang on %s", async (name) => {
    const sources = broken(recordedMachine(name), Array(200).fill("hangs"));
    const facts = await detectHardware(sources, 10);
    expect(facts.memoryBytes).toEqual({
      known: false,
      reason: expect.stringContaining("no answer in 10 ms"),
    });
  });

  it("knows nothing of an empty Linux machine but what Node says, and no graphics", async () => {
    const facts = await detectHardware(machineOf(">>> machine linux x64 parallelism=3\n"));
    const known = FACTS.filter((name) => fact(facts, name).known);
    expect(known).toEqual(["usableCores", "gpu"]);
    expect(facts.usableCores).toEqual({ known: true, value: 3 });
  });

  it("does not count cores in a /proc/cpuinfo that lists no processors", async () => {
    const facts = await detectHardware(
      machineOf(">>> machine linux s390x parallelism=2\n>>> file /proc/cpuinfo\nvendor_id: IBM\n"),
    );
    expect([facts.performanceCores.known, facts.efficiencyCores.known]).toEqual([false, false]);
  });

  it("does not know the kinds of cores of an Apple chip before macOS 12", async () => {
    const real = recordedMachine("m1");
    const facts = await detectHardware({
      ...real,
      run: async (command, args) => {
        if (args.some((key) => key.includes("perflevel"))) throw new Error("unknown oid");
        return real.run(command, args);
      },
    });
    expect([facts.performanceCores.known, facts.efficiencyCores.known]).toEqual([false, false]);
    expect(facts.usableCores).toEqual({ known: true, value: 8 });
  });

  it("does not know the graphics when an NVIDIA driver names no device", async () => {
    const facts = await detectHardware(
      machineOf(
        ">>> machine linux x64 parallelism=1\n>>> file /proc/driver/nvidia/version\nNVRM\n",
      ),
    );
    expect(facts.gpu).toMatchObject({ known: false, reason: expect.stringContaining("NVIDIA") });
  });

  it("uses what Node knows on Windows", async () => {
    const windows = machineOf(
      ">>> machine win32 x64 parallelism=6\n>>> run nvidia-smi -L\nGPU 0: NVIDIA T4 (UUID: GPU-0)\n",
    );
    const facts = await detectHardware(windows);
    expect(facts).toMatchObject({
      brand: { known: false },
      usableCores: { value: 6 },
      memoryBytes: { value: 8e9 },
      gpu: { value: { backend: "cuda", name: "NVIDIA T4" } },
    });
  });
});
