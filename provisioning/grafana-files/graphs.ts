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
import {
  COLOURS,
  moreThanTold,
  SERIES,
  steps,
  thresholds,
  type Told,
  UNSEEN,
} from "./appearance.ts";
import type { DashboardParts, Row } from "./dashboard.ts";
import { DATA_SOURCE, overTime, type Query } from "./query.ts";
import { panelLinks, runbooksFor } from "./runbooks.ts";

/** What one graph shows. */
export interface Graph {
  readonly title: string;
  readonly description: string;
  /** A plain number unless it is given. */
  readonly unit?: string;
  /** PromQL and the name of its series, with labels as `{{label}}`; named A, B, C in their order. */
  readonly queries: readonly (readonly [expr: string, legend: string, told?: Told])[];
  /** The limit whose lines are drawn, and whose runbooks are linked. */
  readonly limit?: string;
  /** The refId of the query that asks for the limit, where no one line is that of all machines. */
  readonly limitSeries?: string;
  /** The alert whose runbook is linked too, where no limit is behind it. */
  readonly alert?: string;
  /** Whether the axis reaches up to the limit. */
  readonly showsLimit?: true;
  /** Whether its series are the scopes of memory, each with a colour of its own in every graph. */
  readonly ofScopes?: true;
  /** What is said while there is nothing to draw: what to type, where that helps. */
  readonly noValue?: string;
}

/** The scopes of memory, in the order of {@link SCOPE_COLOURS}. */
const SCOPES = [
  ...["system", "process", "container", "device", "upstream"],
  ...["model", "chat", "cache"],
];
const SCOPE_COLOURS = [...SERIES, "#9575cd", "#7c8db5"];

interface Override {
  readonly matcher: MatcherConfig;
  readonly properties: DynamicConfigValue[];
}

/**
 * Rows of graphs, each as high as the others.
 *
 * @param empty - what they say while there is nothing to draw, where they have no words of their own
 */
export function graphRows(
  rows: readonly (readonly Graph[])[],
  parts: DashboardParts,
  empty: string,
): Row[] {
  const saying = (row: readonly Graph[]) => row.map((graph) => ({ noValue: empty, ...graph }));
  return rows.map((row) => ({ height: 8, panels: graphPanels(saying(row), parts) }));
}

/** Courses over time, with the lines of their limits. */
export function graphPanels(graphs: readonly Graph[], parts: DashboardParts): PanelBuilder[] {
  return graphs.map((graph) => graphPanel(graph, parts));
}

function graphPanel(graph: Graph, { limits, runbooks }: DashboardParts): PanelBuilder {
  const own = graph.limitSeries ? [] : limits.filter(({ id }) => id === graph.limit);
  const queries = graph.queries.map(([expr, legend, told], i): Query => ({
    refId: "ABCDEF".charAt(i),
    expr,
    legend,
    told,
  }));
  const panel = new PanelBuilder()
    .title(graph.title)
    .description(graph.description)
    .datasource(DATA_SOURCE)
    .targets(queries.map(overTime))
    .unit(graph.unit ?? "short")
    .min(0)
    .lineWidth(1)
    // Fills would lie over each other.
    .fillOpacity(0)
    .showPoints(VisibilityMode.Never)
    .thresholds(thresholds(lines(own)))
    .overrides([
      ...(graph.ofScopes ? scopeColours() : seriesColours(queries)),
      ...mapped(queries),
      ...limitLines(graph.limitSeries),
    ])
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
    .links(
      panelLinks([
        ...runbooksFor(runbooks, graph.limit ?? ""),
        ...runbooks.filter(({ alert }) => alert === graph.alert),
      ]),
    );
  if (graph.noValue) panel.noValue(graph.noValue);
  const top = topOfAxis(graph, own);
  return top === undefined ? panel : panel.axisSoftMax(top);
}

/**
 * The limits as steps whose lines all have the colour of their severity. A step has one line, at its
 * beginning; where what is allowed begins there, Grafana gives it the colour of the step before if it is not
 * to draw the step itself.
 */
const lines = (own: readonly Limit[]): ReturnType<typeof steps> =>
  steps(own).map((step) => (step.color === COLOURS.inside ? { ...step, color: UNSEEN } : step));

/**
 * The colours of states are for states and limits alone, so a series that stands alone has another. Where a
 * query has several, Grafana tells them apart by its own.
 */
const seriesColours = (queries: readonly Query[]): Override[] =>
  queries
    .map(({ legend }, i) => ({
      // As it is called while there is only one exporter.
      matcher: { id: "byName", options: legend.replace(/\$exporter$/, "") },
      properties: [colour(SERIES[i % SERIES.length]!)],
    }))
    .filter(({ matcher }) => !matcher.options.includes("{{"));

const colour = (fixedColor: string): DynamicConfigValue => ({
  id: "color",
  value: { mode: "fixed", fixedColor },
});

const scopeColours = (): Override[] =>
  SCOPES.map((scope, i) => ({
    matcher: { id: "byRegexp", options: `/^${scope}\\b/` },
    properties: [colour(SCOPE_COLOURS[i]!)],
  }));

const byQuery = (refId: string, ...properties: DynamicConfigValue[]): Override => ({
  matcher: { id: "byFrameRefID", options: refId },
  properties,
});

/** "more than 5 s" for the queries that read a quantile. */
const mapped = (queries: readonly Query[]): Override[] =>
  queries.flatMap(({ refId, told }) =>
    told ? [byQuery(refId, { id: "mappings", value: [moreThanTold(told)] })] : [],
  );

/** Dashed lines without an area, in the colour of their severity, for the query of the limits. */
function limitLines(refId: string | undefined): Override[] {
  if (refId === undefined) return [];
  return [
    byQuery(
      refId,
      { id: "custom.lineStyle", value: { fill: "dash", dash: [10, 10] } },
      { id: "custom.fillOpacity", value: 0 },
    ),
    ...(["warning", "critical"] as const).map((severity) => ({
      // As their legend ends.
      matcher: { id: "byRegexp", options: `/, ${severity}$/` },
      properties: [colour(COLOURS[severity])],
    })),
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
