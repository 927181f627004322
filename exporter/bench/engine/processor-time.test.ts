import { describe, expect, it } from "@jest/globals";
import {
  costsOf,
  extrapolation,
  loadsOf,
  parseThreadTimes,
  reachOfMany,
  reachOfOne,
  readThreadTimes,
  saturatesFirst,
  sharesBetween,
  type SaturatedRun,
} from "./processor-time.ts";

/** A line of a thread that used so many ticks, as Linux writes it. */
const stat = (thread: number, user: number, system: number, name = "node") =>
  `${thread} (${name}) R 1 1 1 0 -1 4194304 2463 0 3 0 ${user} ${system} 0 0 20 0 11 0 500 1000 20 0`;

describe("the processor time of threads", () => {
  it("is read in seconds, whatever the thread is called", () => {
    const times = parseThreadTimes([stat(10, 150, 50), stat(11, 7, 0, "a) R 1 (b"), ""]);
    expect([...times]).toEqual([
      [10, 2],
      [11, 0.07],
    ]);
  });

  it("is told of the main thread, the busiest others, and the rest", () => {
    const before = new Map([
      [10, 1],
      [11, 5],
      [12, 0],
    ]);
    const after = new Map([
      [10, 3],
      [11, 5.25],
      [12, 4],
      [13, 3],
    ]);
    expect(sharesBetween(before, after, { pid: 10, workers: 2 })).toEqual({
      main: 2,
      workers: [4, 3],
      others: 0.25,
    });
  });

  it("is not known of a process that is not there", () => {
    expect(readThreadTimes(2 ** 30)).toBeUndefined();
  });

  const own = readThreadTimes(process.pid);
  if (own)
    it("is that of this process", () => {
      expect(own.get(process.pid)).toBeGreaterThan(0);
    });
});

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

const extrapolated: SaturatedRun = {
  seconds: 10,
  messages: 100_000,
  cores: 2,
  threads: { main: 4, workers: [5, 5], others: 2 },
  client: 4,
};

describe("the extrapolation", () => {
  it("starts from what a message costs", () => {
    expect(costsOf(extrapolated)).toEqual({ main: 4e-5, workers: 1e-4, others: 2e-5 });
  });

  it("is linear in the workers until the main thread is full", () => {
    const costs = costsOf(extrapolated);
    expect(reachOfOne(costs, 2)).toEqual({
      messagesPerSecond: expect.closeTo(8_333, 0),
      boundBy: "workers",
    });
    expect(reachOfOne(costs, 10)).toEqual({
      messagesPerSecond: expect.closeTo(25_000, 0),
      boundBy: "main thread",
    });
  });

  it("is linear in the cores with as many exporters as fill them", () => {
    expect(reachOfMany(costsOf(extrapolated), 10)).toBeCloseTo(62_500, 0);
  });

  it("is told with its figures and with what it assumes", () => {
    const told = extrapolation(extrapolated).join("\n");
    for (const figure of ["40.0 µs", "25,000", "12,500", "62,500", "125,000", "main thread"]) {
      expect(told).toContain(figure);
    }
    expect(told).toContain("This assumes");
  });
});
