import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { cpuState } from "./cpu.ts";

const time = fc.record({ busy: fc.nat(), idle: fc.nat() });

describe("cpuState", () => {
  it("is the share of the time that was not idle between two counts", () => {
    const before = [
      { busy: 100, idle: 900 },
      { busy: 500, idle: 500 },
    ];
    const after = [
      { busy: 200, idle: 1200 },
      { busy: 800, idle: 600 },
    ];
    expect(cpuState(before, after)).toMatchObject({ cores: 2, usage: 0.5 });
  });

  it("stays between 0 and 1 whatever the counters do", () => {
    fc.assert(
      fc.property(fc.array(time), fc.array(time, { minLength: 1 }), (before, after) => {
        const { cores, usage } = cpuState(before, after);
        expect(usage).toBeGreaterThanOrEqual(0);
        expect(usage).toBeLessThanOrEqual(1);
        expect(cores).toBe(after.length);
      }),
    );
  });

  it("says so when the system lists no processors", () => {
    expect(() => cpuState([], [])).toThrow("the system lists no processors");
  });
});
