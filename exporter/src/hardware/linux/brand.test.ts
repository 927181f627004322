import { describe, expect, it } from "@jest/globals";
import { machineOf } from "../testing/recorded-machine.ts";
import { brandOf } from "./brand.ts";

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
