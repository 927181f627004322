import { describe, expect, it } from "@jest/globals";
import { loadsOf, saturatesFirst, type SaturatedRun } from "./saturation.ts";

const run = (
  main: number,
  workers: readonly number[],
  client: number,
  cores = 2,
): SaturatedRun => ({
  seconds: 10,
  messages: 1000,
  cores,
  threads: { main, workers, others: 0.5 },
  client,
});

describe("what saturates first", () => {
  it("is a thread that has its core for itself", () => {
    expect(saturatesFirst(run(9.5, [3, 3], 1, 8))).toMatch(/^The main thread .* 95\.0 %/);
    expect(saturatesFirst(run(3, [9.9, 2], 1, 8))).toMatch(/^The scorer 1 .* 99\.0 %/);
    expect(saturatesFirst(run(3, [2, 2], 9.9, 8))).toMatch(/^The client saturates first/);
  });

  it("is the machine when all cores are taken and no thread has one", () => {
    const told = saturatesFirst(run(6, [6, 5], 2));
    expect(told).toMatch(/^The machine's 2 cores saturate first: 97\.5 %/);
    expect(told).toContain("scorers (words, tokens, model): 56.4 %");
  });

  it("is nothing when there is room everywhere", () => {
    expect(saturatesFirst(run(3, [2, 2], 1))).toMatch(/^Nothing is full.* main thread .* 30\.0 %/);
  });
});

it("the helpers' threads are told together, so they have no share of a core", () => {
  const loads = loadsOf(run(1, [2, 3], 4));
  expect(loads.map(({ processorSeconds }) => processorSeconds)).toEqual([1, 2, 3, 0.5, 4]);
  expect(loads.map(({ busy }) => busy)).toEqual([0.1, 0.2, 0.3, undefined, 0.4]);
});
