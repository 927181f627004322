import { describe, expect, it } from "@jest/globals";
import { describe as describeProgress, describeStatusRequest } from "./load-run.ts";

const told = (value: number) => ({ value, isLeast: false });

describe("the live line", () => {
  it("holds rate, P95 and the nearest limit", () => {
    expect(
      describeProgress({
        elapsedSeconds: 12.3,
        totalSeconds: 60,
        sentiment: { messagesPerSecond: 500.6, p95: told(0.0384) },
        nearest: { title: "Errors", headroom: 0.994, inWords: "headroom 99 %" },
      }),
    ).toBe("12/60 s   nearest: Errors, headroom 99 %   501 msg/s   P95 38 ms");
  });

  it("says of a time beyond the histogram that it is more", () => {
    expect(
      describeProgress({
        elapsedSeconds: 12,
        totalSeconds: 60,
        sentiment: { messagesPerSecond: 500, p95: { value: 5, isLeast: true } },
        nearest: { title: "Latency, P95", headroom: -9, inWords: "more than 10 times the limit" },
      }),
    ).toBe(
      "12/60 s   nearest: Latency, P95, more than 10 times the limit   500 msg/s   P95 more than 5.00 s",
    );
  });

  it("holds the status answers beside the messages, or alone", () => {
    const elapsed = { elapsedSeconds: 8, totalSeconds: 60 };
    const status = { answers: 6, p95: told(1.234) };
    expect(describeProgress({ ...elapsed, status })).toBe("8/60 s   6 status answers, P95 1.23 s");
    const sentiment = { messagesPerSecond: 500, p95: told(0.05) };
    expect(describeProgress({ ...elapsed, sentiment, status })).toBe(
      "8/60 s   500 msg/s   P95 50 ms   6 status answers, P95 1.23 s",
    );
  });

  it("says since when the exporter tells nothing, and no value of before", () => {
    expect(describeProgress({ elapsedSeconds: 14, totalSeconds: 60, silentSeconds: 9.8 })).toBe(
      "14/60 s   the exporter has not answered for 10 s",
    );
  });

  it("says which scenario is asked after the load", () => {
    expect(describeStatusRequest({ scenario: "memory-status", number: 4, of: 8 })).toBe(
      "asking 4/8: memory-status",
    );
  });

  it("says so while nothing was answered", () => {
    expect(
      describeProgress({
        elapsedSeconds: 0,
        totalSeconds: 60,
        sentiment: { messagesPerSecond: 0, p95: told(Number.NaN) },
      }),
    ).toBe("0/60 s   0 msg/s   P95 none yet");
  });
});
