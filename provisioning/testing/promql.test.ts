import { describe, expect, it } from "@jest/globals";
import { readPromql } from "./promql.ts";

describe("readPromql", () => {
  it("finds metrics, matchers, grouping labels and compared numbers", () => {
    const parts = readPromql(
      'a:b:c{x=~"1|2"} >= 0.5 and on (job) sum by (job, y) (rate(d[1m])) < 3',
    );
    expect(parts).toEqual({
      selectors: [
        { metric: "a:b:c", matchers: [{ label: "x", value: "1|2" }] },
        { metric: "d", matchers: [] },
      ],
      grouping: ["job", "job", "y"],
      comparisons: [
        { ofSeries: true, operator: ">=", number: 0.5 },
        { ofSeries: false, operator: "<", number: 3 },
      ],
    });
  });

  it("does not take durations, quantiles or arithmetic for limits", () => {
    const { comparisons } = readPromql("histogram_quantile(0.95, rate(a[5m])) / 2 + b");
    expect(comparisons).toEqual([]);
  });

  it.each(["sum by (", "a >= ", "rate(a[1m)"])("refuses %p and says where", (expression) => {
    expect(() => readPromql(expression)).toThrow(/not PromQL at character \d+/);
  });
});
