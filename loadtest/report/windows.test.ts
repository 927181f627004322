import { describe, expect, it } from "@jest/globals";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import { exampleSnapshot } from "../testing/example-run.ts";
import { parseMetrics } from "./prometheus-text.ts";
import { readSnapshot } from "./snapshot.ts";
import { windowBetween } from "./windows.ts";

const counted = (atSeconds: number, outcomes: Readonly<Record<string, number>>) =>
  readSnapshot(
    parseMetrics(
      Object.entries(outcomes)
        .map(([outcome, count]) => `sentiment_requests_total{outcome="${outcome}"} ${count}`)
        .join("\n"),
    ),
    atSeconds,
    "prefix",
  );

const ratio = (outcomes: Readonly<Record<string, number>>): number =>
  windowBetween(counted(0, {}), counted(5, outcomes)).errorRatio;

describe("the errors of a window", () => {
  it("are what well-meant requests did not get", () => {
    expect(ratio({ ok: 6, server_error: 1, refused: 2, deadline: 1 })).toBe(0.4);
  });

  it("leave out what the client got wrong or broke off", () => {
    expect(ratio({ ok: 6, client_error: 50, aborted: 50 })).toBe(0);
  });

  it("are unknown, and not 0, without enough well-meant requests", () => {
    expect(ratio({})).toBeNaN();
    expect(ratio({ client_error: 100 })).toBeNaN();
    expect(ratio({ refused: EVIDENCE.requests - 1, aborted: 9 })).toBeNaN();
    expect(ratio({ refused: EVIDENCE.requests })).toBe(1);
  });

  it("are those since a restart when the counters fell", () => {
    const before = counted(0, { ok: 100, refused: 50 });
    expect(windowBetween(before, counted(5, { ok: 9, refused: 1 })).errorRatio).toBe(0.1);
  });
});

describe("the times of a window", () => {
  const p95 = (requests: number, change = {}) =>
    windowBetween(exampleSnapshot(0, 0), exampleSnapshot(5, requests, change)).p95;

  it("are unknown without enough requests", () => {
    expect(p95(EVIDENCE.requests - 1).value).toBeNaN();
    expect(p95(EVIDENCE.requests).value).toBeCloseTo(0.04875, 9);
  });

  it("are known as more than the last edge when they lie beyond it", () => {
    expect(p95(20, { endless: 2 })).toEqual({ value: 1, isLeast: true });
    expect(p95(20, { endless: 1 }).isLeast).toBe(false);
  });
});

it("holds the means of the attributions once there are enough messages", () => {
  const { entropy, sparsity } = windowBetween(exampleSnapshot(0, 10), exampleSnapshot(5, 20));
  expect([entropy, sparsity]).toEqual([expect.closeTo(1.4, 9), expect.closeTo(0.75, 9)]);
  const idle = windowBetween(exampleSnapshot(0, 10), exampleSnapshot(5, 10));
  expect([idle.entropy, idle.sparsity]).toEqual([Number.NaN, Number.NaN]);
});
