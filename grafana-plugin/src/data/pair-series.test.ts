import type { Labels } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import { pairSeries } from "./pair-series.ts";
import { readSeries } from "./read-series.ts";
import { frameOf, numberField, textField, timeField } from "./testing/frames.ts";

const patterns = { mapX: "/entropy/i", mapY: "/sparsity/i" };

const series = (...named: [string, Labels?][]) =>
  readSeries(
    named.map(([displayName, labels]) =>
      frameOf([timeField([1]), numberField([1], "Value", { labels, config: { displayName } })]),
    ),
  );

const names = ({ pairs }: ReturnType<typeof pairSeries>) =>
  pairs.map(({ x, y }) => `${x.name}${x.labels["host"] ?? ""} ${y.name}${y.labels["host"] ?? ""}`);

describe("pairSeries", () => {
  it("pairs the series that both axes name", () => {
    const all = series(["Other"], ["Sparsity"], ["Entropy"]);
    expect(names(pairSeries(all, patterns))).toEqual(["Entropy Sparsity"]);
    expect(names(pairSeries(all, { mapX: "Other", mapY: "Entropy" }))).toEqual(["Other Entropy"]);
  });

  it("pairs those whose other labels agree", () => {
    const all = series(
      ["entropy", { host: "a", __name__: "m_entropy" }],
      ["entropy", { host: "b", __name__: "m_entropy" }],
      ["sparsity", { host: "b", __name__: "m_sparsity" }],
      ["sparsity", { host: "a", __name__: "m_sparsity" }],
      ["sparsity", { host: "c", __name__: "m_sparsity" }],
    );
    expect(names(pairSeries(all, patterns))).toEqual(["entropya sparsitya", "entropyb sparsityb"]);
  });

  it("does not mind labels that name the quantities", () => {
    const all = series(
      ["entropy", { limit: "one", kind: "entropy" }],
      ["sparsity", { limit: "two", kind: "sparsity" }],
    );
    expect(names(pairSeries(all, patterns))).toHaveLength(1);
  });

  it("minds a label in which only one axis finds its pattern", () => {
    const all = series(["entropy", { host: "entropy-1" }], ["sparsity", { host: "other" }]);
    expect(names(pairSeries(all, patterns))).toEqual([]);
  });

  it("pairs the series of a long frame", () => {
    const [frame] = [
      frameOf([
        timeField([1, 1]),
        textField("metric", ["entropy", "sparsity"]),
        numberField([2, 3], "value"),
      ]),
    ];
    const { pairs } = pairSeries(readSeries([frame!]), patterns);
    expect(pairs.map(({ x, y }) => [x.values, y.values])).toEqual([[[2], [3]]]);
  });

  it("takes the partner with the most labels in common, and each once", () => {
    const all = series(
      ["entropy", { host: "a", zone: "z" }],
      ["entropy"],
      ["sparsity"],
      ["sparsity", { host: "a", zone: "z" }],
    );
    const { pairs } = pairSeries(all, patterns);
    expect(pairs.map(({ y }) => y.labels)).toEqual([{ host: "a", zone: "z" }, {}]);
  });

  it("never pairs a series with itself", () => {
    const all = series(["entropy and sparsity"]);
    expect(pairSeries(all, patterns).pairs).toEqual([]);
  });

  it("says what is missing", () => {
    const all = series(["entropy", { host: "a" }], ["sparsity", { host: "b" }]);
    expect(pairSeries(all, patterns).problems).toEqual([
      expect.stringContaining("labels of the series on both axes differ"),
    ]);
    expect(pairSeries([], { mapX: "Load", mapY: "" }).problems).toEqual([
      expect.stringContaining("No series is called Load: set the horizontal axis"),
      expect.stringContaining("vertical axis"),
    ]);
    expect(pairSeries(all, { ...patterns, mapX: "/(/" }).problems).toEqual([
      expect.stringContaining("is no pattern"),
      expect.stringContaining("horizontal axis"),
    ]);
    expect(pairSeries(series(["entropy"], ["sparsity"]), patterns).problems).toEqual([]);
  });
});
