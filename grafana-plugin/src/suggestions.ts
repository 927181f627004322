import {
  type PanelDataSummary,
  type VisualizationSuggestion,
  VisualizationSuggestionScore,
} from "@grafana/data";
import { readAlerts } from "./data/alerts-from-records.ts";
import { limitsFromRecords, readLimits } from "./data/limits-from-records.ts";
import { pairSeries } from "./data/pair-series.ts";
import { readSeries } from "./data/read-series.ts";
import { DEFAULT_OPTIONS, type LimitsPanelOptions } from "./options.ts";

/**
 * What Grafana proposes for the data at hand: lanes for numbers over time, foremost when the data
 * says their limits; the quality map as well when it holds both qualities.
 */
export function suggestPanels({
  rawFrames = [],
}: Pick<PanelDataSummary, "rawFrames">): VisualizationSuggestion<LimitsPanelOptions>[] {
  const { records, rest } = readLimits(readAlerts(rawFrames).rest);
  const series = readSeries(rest, { namedAmong: rawFrames });
  if (!series.some(({ times }) => times.length > 0)) return [];
  // Thresholds do not count: Grafana gives every new panel one at 80.
  const hasLimits = series.some((one) => limitsFromRecords(one, records).length > 0);
  const lanes: VisualizationSuggestion<LimitsPanelOptions> = {
    name: "Headroom of each series",
    description: "How far each series is from its limit, and when it will reach it.",
    options: { view: "lanes" },
    score: hasLimits ? VisualizationSuggestionScore.Best : VisualizationSuggestionScore.OK,
  };
  if (pairSeries(series, DEFAULT_OPTIONS).pairs.length === 0) return [lanes];
  return [
    lanes,
    {
      name: "Quality map",
      description: "Attribution entropy against sparsity, with the region that is accepted.",
      options: { view: "map" },
      score: VisualizationSuggestionScore.Good,
    },
  ];
}
