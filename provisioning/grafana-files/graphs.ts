import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { Limit } from "../../alerts/limits.ts";
import { DATA_SOURCE } from "./data-source.ts";
import { graphsOf, type Graph } from "./graph-list.ts";
import { thresholds } from "./limit-thresholds.ts";
import { overTime } from "./query.ts";
import type { Runbook } from "./runbooks.ts";
import { panelLinks, runbooksFor } from "./runbooks.ts";

/** The graphs, in the order in which they are shown. */
export function graphPanels(
  limits: readonly Limit[],
  runbooks: readonly Runbook[],
): PanelBuilder[] {
  return graphsOf().map((graph) => graphPanel(graph, limits, runbooks));
}

function graphPanel(
  graph: Graph,
  limits: readonly Limit[],
  runbooks: readonly Runbook[],
): PanelBuilder {
  const own = limits.filter(({ id }) => id === graph.limit);
  const panel = new PanelBuilder()
    .title(graph.title)
    .description(graph.description)
    .datasource(DATA_SOURCE)
    .targets(graph.questions.map(overTime))
    .unit(graph.unit)
    .min(0)
    .lineWidth(1)
    .fillOpacity(8)
    .showPoints(VisibilityMode.Never)
    .thresholds(thresholds(own))
    .thresholdsStyle(
      new GraphThresholdsStyleConfigBuilder().mode(
        graph.limit ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off,
      ),
    )
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(
      new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
    )
    .links(panelLinks(runbooksFor(runbooks, graph.limit ?? "")));
  // The first limit stays in sight, however far away the values are.
  const first = Math.min(...own.flatMap((limit) => (limit.bound === "lower" ? [] : limit.upper)));
  return graph.showsLimit && Number.isFinite(first) ? panel.axisSoftMax(first) : panel;
}
