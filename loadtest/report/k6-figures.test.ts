import { describe, expect, it } from "@jest/globals";
import { profile } from "../plan/profiles.ts";
import { readK6Figures } from "./k6-figures.ts";

const summary = JSON.stringify({
  seconds: 60,
  metrics: {
    http_reqs: { count: 12 },
    http_req_duration: { avg: 999, "p(95)": 999, count: 12 },
    "http_reqs{name:POST /v1/sentiment}": { count: 9 },
    // One of the nine was wrong, and is no part of the errors.
    "request_errors{name:POST /v1/sentiment}": { rate: 2 / 8, passes: 2, fails: 6 },
    "answer_duration{name:POST /v1/sentiment}": { avg: 20, "p(95)": 40, count: 6 },
    "dropped_iterations{scenario:sentiment}": { count: 2 },
    dropped_iterations: { count: 3 },
    messages_answered: { count: 1024 },
    "http_reqs{name:POST /v1/status}": { count: 3 },
    "answer_duration{name:POST /v1/status}": { avg: 1500, "p(95)": 2500, count: 3 },
    "http_reqs{status_scenario:urgent-check}": { count: 4 },
    "answer_duration{status_scenario:urgent-check}": {
      avg: 1500,
      "p(95)": 2500,
      max: 2600,
      count: 3,
    },
    "answer_duration{status_scenario:disk-analysis}": { avg: 0, "p(95)": 0, max: 0, count: 0 },
    "status_answers{status_scenario:urgent-check}": { count: 3 },
    "status_cached{status_scenario:urgent-check}": { count: 1 },
    "headroom_status_fallbacks{reason:ungrounded}": { count: 2 },
    status_answer_seconds: { avg: 1.4, count: 3 },
  },
  checks: [],
});

describe("what k6 counted", () => {
  it("is told apart by what was asked, in seconds", () => {
    const { sentiment, status, dropped } = readK6Figures(summary, profile("mixed"));
    expect(dropped).toBe(3);
    expect(sentiment).toMatchObject({
      requests: 9,
      wellMeant: 8,
      failed: 2,
      dropped: 2,
      latency: { mean: 0.02, p95: 0.04 },
      messages: { answered: 1024, cached: 0 },
      attribution: { method: "prefix" },
    });
    expect(status).toMatchObject({
      requests: 3,
      failed: 0,
      latency: { mean: 1.5, p95: 2.5 },
      toldMeanSeconds: 1.4,
      fallbacks: { ungrounded: 2, deadline: 0 },
    });
  });

  it("names every scenario of the mix, with no time for one that was not asked", () => {
    const { status } = readK6Figures(summary, profile("status"));
    expect(status?.scenarios).toHaveLength(8);
    const of = (name: string) => status?.scenarios.find(({ scenario }) => scenario === name);
    expect(of("urgent-check")).toMatchObject({
      requests: 4,
      answers: 3,
      cached: 1,
      fromModel: 0,
      latency: { max: 2.6 },
    });
    expect(of("disk-analysis")).toMatchObject({ requests: 0, latency: { p95: NaN, max: NaN } });
  });

  it("holds only what the profile asks for", () => {
    expect(readK6Figures(summary, profile("status")).sentiment).toBeUndefined();
    const { sentiment, status } = readK6Figures(summary, profile("interactive"));
    expect(status).toBeUndefined();
    expect(sentiment?.attribution).toBeUndefined();
  });

  it.each(["[]", "{}", '{"seconds":1,"metrics":{}}', "{"])("is not in %s", (json) => {
    expect(() => readK6Figures(json, profile("smoke"))).toThrow(SyntaxError);
  });
});
