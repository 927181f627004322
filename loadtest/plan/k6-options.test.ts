import { describe, expect, it } from "@jest/globals";
import { limitsFor, STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import { profile } from "./profiles.ts";
import { thresholdsFor } from "./k6-options.ts";

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
      "request_errors{name:POST /v1/sentiment}": ["rate<0.05", "rate<0.2"],
      "answer_duration{name:POST /v1/sentiment}": ["p(95)<500", "p(95)<1000"],
      attribution_entropy: ["avg<2.5", "avg>0.5"],
      attribution_sparsity: ["avg>0.1"],
    });
  });

  it("hold each scenario against its target, and want every status request answered", () => {
    expect(texts("status")).toEqual({
      checks: ["rate==1"],
      iteration_exceptions: ["count==0"],
      dropped_iterations: ["count==0"],
      "http_req_failed{name:POST /v1/status}": ["rate==0"],
      ...Object.fromEntries(
        Object.entries(STATUS_TARGET_SECONDS).map(([scenario, seconds]) => [
          `answer_duration{status_scenario:${scenario}}`,
          [`p(95)<${seconds * 1000}`],
        ]),
      ),
    });
  });

  it("keep messages and status requests apart when both are sent", () => {
    expect(texts("mixed")).toEqual({ ...texts("throughput"), ...texts("status") });
  });

  it("leave attribution out where none is asked for", () => {
    expect(Object.keys(texts("interactive"))).not.toContain("attribution_entropy");
  });

  it("follow a limit that changes", () => {
    const limits = limitsFor(48e9).map((limit) =>
      limit.id === "error_ratio" && limit.severity === "warning" && limit.bound === "upper"
        ? { ...limit, upper: 0.01 }
        : limit,
    );
    const found = thresholdsFor(profile("smoke"), limits)[
      "request_errors{name:POST /v1/sentiment}"
    ];
    expect(found?.map(({ threshold }) => threshold)).toEqual(["rate<0.01", "rate<0.2"]);
  });

  it("stop only the profile that looks for a limit, and not for wrong answers", () => {
    const aborting = (name: string) =>
      Object.entries(thresholdsFor(profile(name)))
        .filter(([, list]) => list.some(({ abortOnFail }) => abortOnFail))
        .map(([metric]) => metric);
    expect(aborting("throughput")).toEqual([]);
    expect(aborting("breakpoint")).toContain("answer_duration{name:POST /v1/sentiment}");
    expect(aborting("breakpoint")).not.toContain("checks");
  });
});
