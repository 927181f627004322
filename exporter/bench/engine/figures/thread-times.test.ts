import { describe, expect, it } from "@jest/globals";
import { parseThreadTimes, readThreadTimes, sharesBetween } from "./thread-times.ts";

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
