import { describe, expect, it } from "@jest/globals";
import { describe as describeProgress } from "./load-run.ts";

describe("the live line", () => {
  it("holds rate, P95 and the nearest limit", () => {
    expect(
      describeProgress({
        elapsedSeconds: 12.3,
        totalSeconds: 60,
        messagesPerSecond: 500.6,
        p95Seconds: 0.0384,
        nearest: { title: "Errors", headroom: 0.994 },
      }),
    ).toBe("12/60 s   501 msg/s   P95 38 ms   nearest limit: Errors, headroom 99 %");
  });

  it("says so while nothing was answered", () => {
    expect(
      describeProgress({
        elapsedSeconds: 0,
        totalSeconds: 60,
        messagesPerSecond: 0,
        p95Seconds: Number.NaN,
      }),
    ).toBe("0/60 s   0 msg/s   P95 none yet");
  });
});
