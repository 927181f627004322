import type { DynamicConfigValue, Threshold } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  PanelBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Limit } from "@headroom/alerts/limits";
import { COLOURS } from "./colours.ts";
import { DATA_SOURCE } from "./data-source.ts";
import { laneQuery, LIMITS_QUERY, qualityQuery } from "./lane-queries.ts";
import { moreThanTold, NO_DATA, NO_TRAFFIC } from "./mappings.ts";
import type { Question } from "./query.ts";
import { atTheEnd, overTime } from "./query.ts";
import type { Runbook } from "./runbooks.ts";
import { panelLinks, runbooksFor, seriesLinks } from "./runbooks.ts";
import { shownAs } from "./units.ts";

/** Id of Headroom's panel plugin. */
export const LIMITS_PANEL = "headroom-limits-panel";

/** Options of the panel in version 1; those that are left out have the panel's own defaults. */
const OPTIONS = {
  version: 1,
  order: "nearest",
  nearRatio: 0.2,
  showForecast: true,
  limits: [],
  mapX: "/entropy/i",
  mapY: "/sparsity/i",
  runbookUrl: "",
  tooltip: { mode: "single", sort: "none" },
};

// One step says nothing about limits, so those of `headroom_limit` hold, and no default of Grafana.
const NO_THRESHOLDS: Threshold[] = [{ value: null, color: COLOURS.inside }];

/** One lane for each limit, nearest first. */
export function lanesPanel(
  limits: readonly Limit[],
  runbooks: readonly Runbook[],
  words: { readonly title: string; readonly description: string },
): PanelBuilder {
  return limitsPanel(limits, runbooks, laneQuery, { view: "lanes" })
    .title(words.title)
    .description(`${words.description} ${ABOUT_LANES}`);
}

const ABOUT_LANES =
  "Headroom is 100 % when nothing is used and 0 % at the limit, where the alert waits to fire. " +
  "A lane links to its runbook.";

/** Attribution entropy against sparsity, with the region that both limits allow. */
export function qualityMapPanel(
  limits: readonly Limit[],
  runbooks: readonly Runbook[],
): PanelBuilder {
  const qualities = limits.filter(({ id }) => id.startsWith("attribution_"));
  const advice = runbooksFor(runbooks, "attribution_entropy");
  const options = { view: "map", runbookUrl: advice[0]?.url ?? "" } as const;
  return limitsPanel(qualities, runbooks, qualityQuery, options)
    .title("Quality of the attributions")
    .description(
      "Mean entropy in nats (across) against mean sparsity, a Gini index from 0 to 1 (up), from " +
        "scrape to scrape and by method. Inside the region the attributions still say something.",
    )
    .links(panelLinks(runbooksFor(runbooks, ...qualities.map(({ id }) => id))));
}

function limitsPanel(
  limits: readonly Limit[],
  runbooks: readonly Runbook[],
  query: (limit: Limit) => Question,
  options: { readonly view: "lanes" | "map"; readonly runbookUrl?: string },
): PanelBuilder {
  const measures = limits.filter(({ id }, i) => limits.findIndex((l) => l.id === id) === i);
  return new PanelBuilder()
    .type(LIMITS_PANEL)
    .datasource(DATA_SOURCE)
    .targets([...measures.map((limit) => overTime(query(limit))), atTheEnd(LIMITS_QUERY)])
    .options({ ...OPTIONS, ...options })
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(NO_THRESHOLDS))
    .overrides(
      measures.map((limit) => ({
        matcher: { id: "byFrameRefID", options: limit.id },
        properties: shownLike(limit, query(limit), runbooksFor(runbooks, limit.id)),
      })),
    );
}

function shownLike(
  limit: Limit,
  { told }: Question,
  runbooks: readonly Runbook[],
): DynamicConfigValue[] {
  const { unit, decimals } = shownAs(limit);
  return [
    { id: "unit", value: unit },
    ...(decimals === undefined ? [] : [{ id: "decimals", value: decimals }]),
    // The panel says of a series that has ended: "no traffic since 13:51".
    { id: "noValue", value: limit.unit === "bytes" ? NO_DATA : NO_TRAFFIC },
    ...(told ? [{ id: "mappings", value: [moreThanTold(told)] }] : []),
    { id: "links", value: seriesLinks(runbooks) },
  ];
}
