import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { machineOf } from "../testing/recorded-machine.ts";
import { linuxCoreKinds } from "./core-kinds.ts";
import { coresOf, processors } from "./cpuinfo.ts";
import { cpuList } from "./cpu-list.ts";

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
