import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { Threshold } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { moreThanTold, NO_DATA, nothing, steps, thresholds, type Told } from "./appearance.ts";
import type { DashboardParts } from "./dashboard.ts";
import { atTheEnd, DATA_SOURCE } from "./query.ts";
import { panelLinks, type Runbook, runbooksFor } from "./runbooks.ts";

/** One number, and what it says. */
export interface StatPanel {
  /** The same of another kind of work. What there is of both is shown, each with its name. */
  readonly beside?: Pick<StatPanel, "expr" | "limit" | "told"> & { readonly legend: string };
  readonly title: string;
  readonly description: string;
  readonly expr: string;
  /** The series' name; the title unless it is given. */
  readonly legend?: string;
  /** Shows the names of the series and not their values. */
  readonly showsNames?: true;
  /** A count, without decimals, unless it is given. */
  readonly unit?: string;
  readonly decimals?: number;
  /** The limit that colours the number; without it, it has no colour of its own. */
  readonly limit?: string;
  /** Colours of its own, where no limit gives them. */
  readonly steps?: readonly Threshold[];
  readonly runbooks?: readonly Runbook[];
  /** The histogram that it reads a quantile from, where its last edge is known. */
  readonly told?: Told;
  /** What is said while there is no value. */
  readonly noValue?: string;
}

/**
 * Single numbers, as they are at the end of the range: the last one of a course would go on to look
 * like now when there are no more.
 */
export function statPanels(
  stats: readonly StatPanel[],
  { limits, runbooks }: DashboardParts,
): PanelBuilder[] {
  return stats.map((stat) => {
    const { title, expr, unit, noValue = NO_DATA, limit = "" } = stat;
    const decimals = stat.decimals ?? (unit || stat.showsNames ? undefined : 0);
    const coloured = stat.steps ?? steps(limits.filter(({ id }) => id === limit));
    const panel = new PanelBuilder()
      .title(title)
      .description(stat.description)
      .datasource(DATA_SOURCE)
      .withTarget(atTheEnd({ refId: "A", expr, legend: stat.legend ?? title }))
      .unit(unit ?? "none")
      .noValue(noValue)
      .mappings([nothing(noValue), ...(stat.told ? [moreThanTold(stat.told)] : [])])
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false).fields(""))
      .graphMode(BigValueGraphMode.None)
      .colorMode((stat.limit ?? stat.steps) ? BigValueColorMode.Value : BigValueColorMode.None)
      .thresholds(thresholds(coloured))
      .links(panelLinks(stat.runbooks ?? runbooksFor(runbooks, limit)));
    if (stat.showsNames) panel.textMode(BigValueTextMode.Name);
    if (stat.beside) {
      const { expr: other, legend, limit: its, told } = stat.beside;
      panel
        .withTarget(atTheEnd({ refId: "B", expr: other, legend }))
        .textMode(BigValueTextMode.ValueAndName)
        .overrides([
          {
            matcher: { id: "byFrameRefID", options: "B" },
            properties: [
              {
                id: "thresholds",
                value: thresholds(steps(limits.filter(({ id }) => id === its))).build(),
              },
              { id: "mappings", value: [nothing(noValue), ...(told ? [moreThanTold(told)] : [])] },
            ],
          },
        ]);
    }
    return decimals === undefined ? panel : panel.decimals(decimals);
  });
}
