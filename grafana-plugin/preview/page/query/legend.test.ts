import { describe, expect, it } from "@jest/globals";
import { metricText, seriesName } from "./legend.ts";

const labels = { __name__: "up", job: "a", instance: "b:1" };

describe("seriesName", () => {
  it("fills labels into the legend, with blanks or without", () => {
    expect(seriesName("{{job}} on {{ instance }}", labels, "up")).toBe("a on b:1");
  });

  it("leaves a label out that the series does not have", () => {
    expect(seriesName("[{{pod}}]", labels, "up")).toBe("[]");
  });

  it("is the metric with its labels when there is no legend", () => {
    expect(seriesName("", labels, "up")).toBe('up{instance="b:1", job="a"}');
  });

  it("is the query when nothing is left to tell by", () => {
    expect(seriesName("", {}, "sum(up)")).toBe("sum(up)");
    expect(seriesName("__auto", {}, "sum(up)")).toBe("sum(up)");
  });

  it("leaves the name to the panel with __auto", () => {
    expect(seriesName("__auto", labels, "up")).toBe("");
  });
});

describe("metricText", () => {
  it("quotes values as PromQL does", () => {
    expect(metricText({ path: 'a"b\\c' })).toBe('{path="a\\"b\\\\c"}');
    expect(metricText({ __name__: "up" })).toBe("up");
  });
});
