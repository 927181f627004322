import { describe, expect, it } from "@jest/globals";
import { overWindow } from "./window.ts";

const NEVER = new AbortController().signal;

/** A reader that counts how often it was counted, and tells between which counts it read. */
function counting(minWindowMs: number) {
  let counts = 0;
  return overWindow({
    count: () => ++counts,
    between: (before: number, after: number, seconds) => ({ before, after, seconds }),
    minWindowMs,
  });
}

describe("overWindow", () => {
  it("counts twice at first, and then once from the last count on", async () => {
    const read = counting(5);
    expect(await read(NEVER)).toMatchObject({ before: 1, after: 2 });
    expect(await read(NEVER)).toMatchObject({ before: 2, after: 3 });
  });

  it("never takes a rate over less than its shortest window", async () => {
    const read = counting(20);
    for (let reading = 0; reading < 3; reading++) {
      // Timers may be a little early.
      expect((await read(NEVER)).seconds).toBeGreaterThanOrEqual(0.015);
    }
  });

  it("ends its pause when the signal aborts", async () => {
    const stop = new AbortController();
    const reading = counting(60_000)(stop.signal);
    stop.abort();
    await expect(reading).rejects.toThrow("aborted");
  });
});
