import { describe, expect, it } from "@jest/globals";
import { limitsFor, REFERENCE_MEMORY_BYTES } from "@headroom/alerts/limits";
import { loadConfig } from "@headroom/exporter/config";
import { known } from "@headroom/exporter/hardware/facts";
import { ceilingsOf } from "./ceilings.ts";
import { obstaclesIn } from "./obstacles.ts";
import { reportText } from "./report.ts";
import { HEALTHY } from "./testing/healthy.ts";

const config = loadConfig({});
const limitsOfProcess = { open_files: 4_096, max_locked_memory_bytes: 8e6 };
const of = (change: object = {}, own = config, found = HEALTHY) =>
  ceilingsOf(own, { ...found, ...change }, limitsOfProcess);
const tooLow = (ceilings: ReturnType<typeof of>) =>
  ceilings.flatMap(({ what, toType }) => (toType === undefined ? [] : [[what, toType]]));

describe("the ceilings of a machine", () => {
  it("are named with what is held against them, the nearest first; no default is above one", () => {
    const ceilings = of();
    expect(tooLow(ceilings)).toEqual([]);
    expect(ceilings[0]).toMatchObject({ what: "Memory, system", is: 16e9, wants: 0.85 * 16e9 });
    expect(ceilings.map(({ what }) => what)).toEqual(
      expect.arrayContaining(["Open files", "Cores", "Memory, free now", "Disk, free"]),
    );
  });

  it("tell of a limit of one's own that is above the memory of the machine or the container", () => {
    const limits = limitsFor(REFERENCE_MEMORY_BYTES, { memory: { warning: 10e9, critical: 20e9 } });
    const memory = {
      system: { usedBytes: 1, capacityBytes: 64e9 },
      container: { usedBytes: 1, capacityBytes: 4e9 },
    };
    const facts = { ...HEALTHY.facts, memory };
    expect(tooLow(of({ facts }, { ...config, limits }))).toEqual([
      ["Memory, container", expect.stringContaining("HEADROOM_MEMORY_BYTES=4000000000 npm start")],
    ]);
  });

  it("tell of times, files, cores and a heap that are too low, and what to type", () => {
    const own = { ...config, requestTimeoutSeconds: 0.5, cacheBytes: 1e12 };
    const facts = { ...HEALTHY.facts, usableCores: known(0.5) };
    const found = ceilingsOf(own, { ...HEALTHY, facts }, { open_files: 256 });
    expect(Object.fromEntries(tooLow(found))).toEqual({
      "Open files": "ulimit -n 1100",
      "Node's heap, 50 % of it": expect.stringMatching(
        /^NODE_OPTIONS=--max-old-space-size=\d+ npm/,
      ),
      Cores: "HEADROOM_CHAT_THREADS=1 npm start",
      "Time for a request": "HEADROOM_REQUEST_TIMEOUT_SECONDS=4 npm start",
    });
    // What is too low comes before what is only near.
    expect(found.findLastIndex(({ toType }) => toType)).toBe(3);
  });

  it("hold a chat model against Metal's share of the memory, and a card's own", () => {
    const plan = { ...HEALTHY.plan!, gpuLayers: { ...HEALTHY.plan!.gpuLayers, value: -1 } };
    const metal = known({ backend: "metal" as const, name: "Apple M4" });
    const onMetal = {
      facts: { ...HEALTHY.facts, gpu: metal },
      plan: { ...plan, memoryBytes: 11e9 },
    };
    expect(tooLow(of(onMetal))).toEqual([
      ["Memory, Metal's share", expect.stringMatching(/^sudo sysctl iogpu\.wired_limit_mb=11540$/)],
    ]);
    const memory = { totalBytes: 50e6, freeBytes: 50e6 };
    const card = known({ backend: "cuda" as const, name: "Some GPU", memory });
    expect(tooLow(of({ facts: { ...HEALTHY.facts, gpu: card }, plan }))).toEqual([
      ["Memory, Some GPU", "HEADROOM_CHAT_GPU_LAYERS=0 npm start"],
    ]);
  });

  it("stand in the report with what to type, and keep nothing from running", () => {
    const ceilings = ceilingsOf(config, HEALTHY, { open_files: 256 });
    const text = reportText({ ...HEALTHY, ceilings }, obstaclesIn(HEALTHY));
    expect(text).toContain(`Ceilings: 1 of ${ceilings.length} are too low for what is wanted`);
    expect(text).toMatch(/^Open files +256 +1,100 .* ABOVE$/m);
    expect(text).toMatch(/^To type:\nOpen files +ulimit -n 1100$/m);
    expect(text.split("\n").at(-1)).toBe("Ready: npm start can run.");
  });
});
