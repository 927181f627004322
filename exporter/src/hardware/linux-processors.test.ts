import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { brandOf, coresOf, cpuList, linuxCoreKinds, processors } from "./linux-processors.ts";
import { machineOf } from "./testing/recorded-machine.ts";

const plain = machineOf(">>> machine linux arm64 parallelism=1\n");
const arm = (implementer: string, part: string) =>
  `processor\t: 0\nCPU implementer\t: ${implementer}\nCPU part\t: ${part}\n`;

describe("brandOf", () => {
  it.each([
    ["model name\t: AMD EPYC\n", "AMD EPYC"],
    [arm("0x41", "0xd4f"), "ARM Neoverse-V2"],
    [arm("0x41", "0xfff"), "ARM part 0xfff"],
    [arm("0x61", "0x022"), "Apple part 0x022"],
    [arm("0x99", "0x001"), "implementer 0x99 part 0x001"],
  ])("reads %j as %s", async (cpuinfo, brand) => {
    expect(await brandOf(cpuinfo, plain)).toBe(brand);
  });

  it("uses the board's name without its zero byte where the parts say nothing", async () => {
    const board = machineOf(
      ">>> machine linux arm64 parallelism=1\n>>> file /proc/device-tree/model\nSome Board\0\n",
    );
    expect(await brandOf(arm("0x00", "0x000"), board)).toBe("Some Board");
  });

  it("does not guess where nothing names it", async () => {
    await expect(brandOf(arm("0x00", "0x000"), plain)).rejects.toThrow("names no processor");
  });
});

const four = [0, 1, 2, 3].map((id) => ({ id, core: `${id}` }));

function strengths(file: string, values: readonly number[]) {
  const sections = values.map(
    (value, cpu) => `>>> file /sys/devices/system/cpu/cpu${cpu}/${file}\n${value}\n`,
  );
  return machineOf(`>>> machine linux arm64 parallelism=4\n${sections.join("")}`);
}

describe("linuxCoreKinds", () => {
  it.each([
    ["cpu_capacity", [350, 350, 1024, 1024], 2, 2],
    ["cpufreq/cpuinfo_max_freq", [1_800_000, 1_800_000, 1_800_000, 3_000_000], 1, 3],
    // Cores of one kind whose clocks differ a little.
    ["cpufreq/cpuinfo_max_freq", [5_050_000, 5_050_000, 5_482_000, 5_482_000], 4, 0],
    // Three tiers: the second is a performance core too.
    ["cpu_capacity", [330, 330, 880, 1024], 2, 2],
    // One processor without a value: nothing can be compared.
    ["cpu_capacity", [350, 1024], 4, 0],
  ])("by %s %j gives %d and %d", async (file, values, performance, efficiency) => {
    const kinds = await linuxCoreKinds(four, strengths(file, values));
    expect(kinds).toEqual({ performance, efficiency });
  });

  it("takes all for performance cores where nothing tells them apart", async () => {
    const plain = machineOf(">>> machine linux x64 parallelism=4\n");
    expect(await linuxCoreKinds(four, plain)).toEqual({ performance: 4, efficiency: 0 });
  });
});

describe("processors", () => {
  it("counts hyperthreads as one core, and cores of two sockets apart", () => {
    const block = (id: number, socket: number, core: number) =>
      `processor\t: ${id}\nphysical id\t: ${socket}\ncore id\t\t: ${core}\n`;
    const all = processors(
      [block(0, 0, 0), block(1, 0, 0), block(2, 1, 0), block(3, 1, 0)].join("\n"),
    );
    expect([all.length, coresOf(all), coresOf(all, new Set([0, 1]))]).toEqual([4, 2, 1]);
  });

  it("finds none in a text without processors", () => {
    expect(processors("Hardware\t: BCM2835\n")).toEqual([]);
  });
});

describe("cpuList", () => {
  it("reads what the kernel writes", () => {
    expect([cpuList("0-3,8\n"), cpuList("5"), cpuList("\n")]).toEqual([[0, 1, 2, 3, 8], [5], []]);
  });

  it("gives back any set of processors written as single numbers", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 512 }), { minLength: 1 }), (ids) => {
        expect(cpuList(ids.join(","))).toEqual(ids);
      }),
    );
  });

  it("refuses another shape", () => {
    expect(() => cpuList("0-x")).toThrow('"0-x" is no range of processors');
  });
});
