import { describe, expect, it } from "@jest/globals";
import { limitsFor } from "../../alerts/limits.ts";
import { profile } from "./profiles.ts";
import { thresholdsFor } from "./thresholds.ts";

const texts = (name: string) =>
  Object.fromEntries(
    Object.entries(thresholdsFor(profile(name))).map(([metric, list]) => [
      metric,
      list.map(({ threshold }) => threshold),
    ]),
  );

describe("k6's thresholds", () => {
  it("say what the limits say, in k6's units", () => {
    expect(texts("throughput")).toEqual({
      checks: ["rate==1"],
      iteration_exceptions: ["count==0"],
      dropped_iterations: ["count==0"],
      http_req_failed: ["rate<=0.05"],
      http_req_duration: ["p(95)<=500", "p(95)<=1000"],
      attribution_entropy: ["avg<=2.5", "avg>=0.5"],
      attribution_sparsity: ["avg>=0.1"],
    });
  });

  it("leave attribution out where none is asked for", () => {
    expect(Object.keys(texts("interactive"))).not.toContain("attribution_entropy");
  });

  it("follow a limit that changes", () => {
    const limits = limitsFor(48e9).map((limit) =>
      limit.id === "error_ratio" && limit.bound === "upper" ? { ...limit, upper: 0.01 } : limit,
    );
    expect(thresholdsFor(profile("smoke"), limits)["http_req_failed"]).toEqual([
      expect.objectContaining({ threshold: "rate<=0.01" }),
    ]);
  });

  it("stop only the profile that looks for a limit, and not for wrong answers", () => {
    const aborting = (name: string) =>
      Object.entries(thresholdsFor(profile(name)))
        .filter(([, list]) => list.some(({ abortOnFail }) => abortOnFail))
        .map(([metric]) => metric);
    expect(aborting("throughput")).toEqual([]);
    expect(aborting("breakpoint")).toContain("http_req_duration");
    expect(aborting("breakpoint")).not.toContain("checks");
  });
});
