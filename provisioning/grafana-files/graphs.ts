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
import type { DashboardParts } from "./headroom-dashboard.ts";
import { thresholds } from "./limit-thresholds.ts";
import type { Question } from "./query.ts";
import { overTime } from "./query.ts";
import { panelLinks, runbooksFor } from "./runbooks.ts";

/** What one graph shows. */
export interface Graph {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly questions: readonly Question[];
  /** The limit whose lines are drawn. */
  readonly limit?: string;
  /** Whether the axis reaches up to the limit. */
  readonly showsLimit?: true;
}

/** Courses over time, with the lines of their limits. */
export function graphPanels(
  graphs: readonly Graph[],
  parts: Pick<DashboardParts, "limits" | "runbooks">,
): PanelBuilder[] {
  return graphs.map((graph) => graphPanel(graph, parts));
}

function graphPanel(
  graph: Graph,
  { limits, runbooks }: Pick<DashboardParts, "limits" | "runbooks">,
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
  const top = topOfAxis(graph, own);
  return top === undefined ? panel : panel.axisSoftMax(top);
}

/** How far the axis reaches at least. */
function topOfAxis(graph: Graph, own: readonly Limit[]): number | undefined {
  if (graph.showsLimit) {
    // The first limit stays in sight, however far away the values are.
    const first = Math.min(...own.flatMap((limit) => (limit.bound === "lower" ? [] : limit.upper)));
    return Number.isFinite(first) ? first : undefined;
  }
  // A share reads best against the whole.
  return graph.unit === "percentunit" && !graph.limit ? 1 : undefined;
}
