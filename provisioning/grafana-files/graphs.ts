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
import type { DynamicConfigValue, MatcherConfig } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { Limit } from "@headroom/alerts/limits";
import { COLOURS } from "./colours.ts";
import { DATA_SOURCE } from "./data-source.ts";
import type { DashboardParts } from "./headroom-dashboard.ts";
import { thresholds } from "./limit-thresholds.ts";
import { moreThanTold } from "./mappings.ts";
import type { Question } from "./query.ts";
import { overTime } from "./query.ts";
import { panelLinks, runbooksFor } from "./runbooks.ts";

/** What one graph shows. */
export interface Graph {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly questions: readonly Question[];
  /** The limit whose lines are drawn, and whose runbooks are linked. */
  readonly limit?: string;
  /** The refId of the question that asks for the limit, where no one line is that of all machines. */
  readonly limitSeries?: string;
  /** Whether the axis reaches up to the limit. */
  readonly showsLimit?: true;
}

interface Override {
  readonly matcher: MatcherConfig;
  readonly properties: DynamicConfigValue[];
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
  const own = graph.limitSeries ? [] : limits.filter(({ id }) => id === graph.limit);
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
    .overrides(overrides(graph))
    .thresholdsStyle(
      new GraphThresholdsStyleConfigBuilder().mode(
        own.length > 0 ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off,
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

/** What questions of a graph do not share with the others. */
function overrides({ questions, limitSeries }: Graph): Override[] {
  const of = (refId: string, ...properties: DynamicConfigValue[]): Override => ({
    matcher: { id: "byFrameRefID", options: refId },
    properties,
  });
  const mapped = questions.flatMap(({ refId, told }) =>
    told ? [of(refId, { id: "mappings", value: [moreThanTold(told)] })] : [],
  );
  if (limitSeries === undefined) return mapped;
  const dashed = { id: "custom.lineStyle", value: { fill: "dash", dash: [10, 10] } };
  const bySeverity = (["warning", "critical"] as const).map((severity) => ({
    // As their legend ends.
    matcher: { id: "byRegexp", options: `/, ${severity}$/` },
    properties: [{ id: "color", value: { mode: "fixed", fixedColor: COLOURS[severity] } }],
  }));
  return [
    ...mapped,
    of(limitSeries, dashed, { id: "custom.fillOpacity", value: 0 }),
    ...bySeverity,
  ];
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
