import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { Threshold } from "@grafana/grafana-foundation-sdk/dashboard";
import { ThresholdsConfigBuilder, ThresholdsMode } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { DATA_SOURCE } from "./data-source.ts";
import type { DashboardParts } from "./headroom-dashboard.ts";
import { steps } from "./limit-thresholds.ts";
import { moreThanTold, NO_DATA, nothing, type Told } from "./mappings.ts";
import { atTheEnd } from "./query.ts";
import type { Runbook } from "./runbooks.ts";
import { panelLinks, runbooksFor } from "./runbooks.ts";

/** One number, and what it says. */
export interface Figure {
  readonly title: string;
  readonly description: string;
  readonly expr: string;
  /** The series' name; the title unless it is given. */
  readonly legend?: string;
  /** Shows the names of the series and not their values. */
  readonly showsNames?: true;
  readonly unit: string;
  readonly decimals?: number;
  /** The limit that colours the figure; without it, it has no colour of its own. */
  readonly limit?: string;
  /** Colours of its own, where no limit gives them. */
  readonly steps?: Threshold[];
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
export function figurePanels(
  figures: readonly Figure[],
  { limits, runbooks }: Pick<DashboardParts, "limits" | "runbooks">,
): PanelBuilder[] {
  return figures.map((figure) => {
    const { noValue = NO_DATA } = figure;
    const own = limits.filter(({ id }) => id === figure.limit);
    const panel = new PanelBuilder()
      .title(figure.title)
      .description(figure.description)
      .datasource(DATA_SOURCE)
      .withTarget(
        atTheEnd({ refId: "A", expr: figure.expr, legend: figure.legend ?? figure.title }),
      )
      .unit(figure.unit)
      .noValue(noValue)
      .mappings([nothing(noValue), ...(figure.told ? [moreThanTold(figure.told)] : [])])
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false).fields(""))
      .graphMode(BigValueGraphMode.None)
      .colorMode((figure.limit ?? figure.steps) ? BigValueColorMode.Value : BigValueColorMode.None)
      .thresholds(
        new ThresholdsConfigBuilder()
          .mode(ThresholdsMode.Absolute)
          .steps(figure.steps ?? steps(own)),
      )
      .links(panelLinks(figure.runbooks ?? runbooksFor(runbooks, figure.limit ?? "")));
    if (figure.showsNames) panel.textMode(BigValueTextMode.Name);
    return figure.decimals === undefined ? panel : panel.decimals(figure.decimals);
  });
}
