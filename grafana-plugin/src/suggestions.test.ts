import { getPanelDataSummary, PanelPlugin, VisualizationSuggestionScore } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import { frameOf, limitFrame, numberField, textField, timeField } from "./data/testing/frames.ts";
import type { LimitsPanelOptions } from "./options.ts";
import { suggestPanels } from "./suggestions.ts";

const series = (name: string) => frameOf([timeField([1, 2]), numberField([1, 2], name)]);
const views = (...frames: ReturnType<typeof frameOf>[]) =>
  suggestPanels(getPanelDataSummary(frames)).map(({ options }) => options?.view);

describe("suggestPanels", () => {
  it("proposes lanes for numbers over time", () => {
    expect(views(series("load"))).toEqual(["lanes"]);
  });

  it("proposes the map as well for data with both qualities", () => {
    expect(views(series("Entropy, mean"), series("Sparsity, mean"))).toEqual(["lanes", "map"]);
    expect(views(series("Entropy, mean"))).toEqual(["lanes"]);
  });

  it("proposes nothing without numbers over time", () => {
    expect(suggestPanels(getPanelDataSummary())).toEqual([]);
    expect(views(frameOf([numberField([1])]))).toEqual([]);
    expect(views(frameOf([timeField([1]), textField("line", ["a"])]))).toEqual([]);
    expect(views(frameOf([timeField([]), numberField([])]))).toEqual([]);
  });

  it("puts itself first when the data says the limits", () => {
    const score = (...frames: ReturnType<typeof frameOf>[]) =>
      suggestPanels({ rawFrames: frames })[0]?.score;
    const limits = (limit: string) => limitFrame({ limit, severity: "warning", bound: "upper" }, 3);
    expect(score(series("load"))).toBe(VisualizationSuggestionScore.OK);
    expect(score(series("load"), limits("other"))).toBe(VisualizationSuggestionScore.OK);
    expect(score(series("load"), limits("load"))).toBe(VisualizationSuggestionScore.Best);
  });

  it("is a supplier that Grafana accepts", () => {
    const plugin = new PanelPlugin<LimitsPanelOptions>(() => null);
    plugin.meta = { id: "x", name: "X" } as typeof plugin.meta;
    plugin.setSuggestionsSupplier(suggestPanels);
    const found = plugin.getSuggestions(getPanelDataSummary([series("load")]));
    expect(found?.map(({ pluginId, name }) => [pluginId, name])).toEqual([
      ["x", "Headroom of each series"],
    ]);
  });
});
