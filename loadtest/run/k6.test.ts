import { describe, expect, it } from "@jest/globals";
import { processorSeconds, secondsOf } from "./k6.ts";

describe("processor time of a process", () => {
  it("is its own and the kernel's for it, whatever its name is", () => {
    const rest = "S 1 2 3 0 -1 4194304 100 0 0 0 250 50 7 7 20 0 9 0 1000 1 1";
    expect(secondsOf(`4711 (k6) ${rest}`)).toBe(3);
    expect(secondsOf(`4711 (a) S (b c) ${rest}`)).toBe(3);
  });

  it("is not known of what is no such file, and of a process that is gone", async () => {
    expect(secondsOf("")).toBeUndefined();
    expect(await processorSeconds(2 ** 31 - 2)).toBeUndefined();
  });

  if (process.platform === "linux")
    it("is that of this process", async () => {
      const { user, system } = process.cpuUsage();
      expect(await processorSeconds(process.pid)).toBeCloseTo((user + system) / 1e6, 0);
    });
});
