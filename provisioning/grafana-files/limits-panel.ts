import { type DynamicConfigValue, PanelBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  type Limit,
  MEMORY_SCOPES,
  STATUS_TARGET_SECONDS,
  statusLimit,
  type StatusScenario,
} from "@headroom/alerts/limits";
import { QUALITY_MESSAGES, qualityGrid } from "@headroom/alerts/quality-grid";
import {
  ALERTS_OF_ALL,
  alertsSince,
  LIMITS_OF_ALL,
  wholeOf,
  worstOf,
} from "@headroom/alerts/rules/fleet";
import { attributionMean, type Work } from "@headroom/alerts/rules/measures";
import {
  CRITICAL_PER_WARNING,
  EMPTY,
  moreThanTold,
  NO_DATA,
  NO_TRAFFIC,
  shownAs,
  thresholds,
  type Told,
  turnsAt,
} from "./appearance.ts";
import { INSTANCE, RECORDED } from "./expressions.ts";
import { atTheEnd, DATA_SOURCE, overTime, type Query } from "./query.ts";
import { adviceOn, panelLinks, type Runbook, runbooksFor, seriesLinks } from "./runbooks.ts";

/** Id of Headroom's panel plugin. */
export const LIMITS_PANEL = "headroom-limits-panel";

/** Options of the panel in version 2; those that are left out have the panel's own defaults. */
const OPTIONS = {
  version: 2,
  order: "nearest",
  nearRatio: 0.2,
  showForecast: true,
  limits: [],
  // The targets of eight kinds of answer are one lane.
  fold: "/^Status: /",
  mapX: "/entropy/i",
  mapY: "/sparsity/i",
  gridX: "entropy_le",
  gridY: "sparsity_le",
  gridBy: "method",
  runbookUrl: "",
  tooltip: { mode: "single", sort: "none" },
};

/** One lane for each limit, nearest first. */
export function lanesPanel(
  limits: readonly Limit[],
  runbooks: readonly Runbook[],
  words: {
    readonly title: string;
    readonly description: string;
    /** What is said while there is nothing to draw. */
    readonly empty: string;
    /** The one kind of work that is shown where a limit is about several. */
    readonly work?: Work;
  },
): PanelBuilder {
  const query = (limit: Limit) => laneQuery(limit, words.work);
  return limitsPanel(limits, runbooks, query, { view: "lanes" }, [ALERTS_QUERY])
    .title(words.title)
    .description(`${words.description} ${ABOUT_LANES}`)
    .noValue(words.empty);
}

/**
 * The same of all exporters: of the fleet as a whole, or of the exporter that is nearest to each limit. Which
 * that is, a lane does not tell.
 */
export function fleetPanel(
  limits: readonly Limit[],
  runbooks: readonly Runbook[],
  words: { readonly title: string; readonly description: string; readonly of: Of },
): PanelBuilder {
  const { of } = words;
  const shown = limits.flatMap((limit) => {
    // Each has memory of its own, so a share of the limit is what can be compared.
    if (limit.id === "memory") return of === "worst" ? [{ ...limit, ...MEMORY_SHARE }] : [];
    return MEASURED[limit.id]?.series.startsWith("instance") ? [limit] : [];
  });
  const options = { view: "lanes", limits: MEMORY_RULES } as const;
  const query = (limit: Limit) => laneQuery(limit, undefined, of);
  return limitsPanel(shown, runbooks, query, options, [FLEET_ALERTS], {}, FLEET_LIMITS)
    .title(words.title)
    .description(`${words.description} ${ABOUT_LANES}`)
    .noValue(EMPTY.exporter);
}

/** Whose values are asked for, where it is not one exporter's. */
type Of = "whole" | "worst";

const MEMORY_SHARE = { title: "Memory of its limit", unit: "ratio" } as const;

const MEMORY_RULES = [
  { severity: "warning", upper: 1 },
  { severity: "critical", upper: CRITICAL_PER_WARNING },
].map((rule) => ({ series: `/^${MEMORY_SHARE.title}/`, ...rule }));

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
  return limitsPanel(qualities, runbooks, qualityQuery, options, [MESSAGES_QUERY], QUALITY_AXES)
    .title("Quality of the attributions")
    .noValue(EMPTY.sentiment)
    .description(
      "The messages of the range by the entropy of their attribution in nats (across) and its " +
        "sparsity, a Gini index from 0 to 1 (up), of one method: methods are not interchangeable. The line is " +
        "the way of its mean, from scrape to scrape. Inside the region attributions still say something.",
    )
    .links(panelLinks(runbooksFor(runbooks, ...qualities.map(({ id }) => id))));
}

function limitsPanel(
  limits: readonly Limit[],
  runbooks: readonly Runbook[],
  query: (limit: Limit) => Query,
  options: {
    readonly view: "lanes" | "map";
    readonly runbookUrl?: string;
    readonly limits?: typeof MEMORY_RULES;
  },
  more: readonly Query[] = [],
  axes: Readonly<Record<string, readonly DynamicConfigValue[]>> = {},
  allowed = LIMITS_QUERY,
): PanelBuilder {
  const advice = adviceOn(runbooksFor(runbooks, ...limits.map(({ id }) => id)));
  const measures = limits.filter(({ id }, i) => limits.findIndex((l) => l.id === id) === i);
  return (
    new PanelBuilder()
      .type(LIMITS_PANEL)
      .datasource(DATA_SOURCE)
      .targets([
        ...measures.map((limit) => overTime(query(limit))),
        ...[allowed, ...more].map(atTheEnd),
      ])
      .options({ ...OPTIONS, ...options, advice })
      // One step says nothing about limits: those of `headroom_limit` hold, and no default of Grafana.
      .thresholds(thresholds(turnsAt({})))
      .overrides(
        measures.map((limit) => ({
          matcher: { id: "byFrameRefID", options: limit.id },
          properties: [
            ...shownLike(limit, query(limit), runbooksFor(runbooks, limit.id)),
            ...(axes[limit.id] ?? []),
          ],
        })),
      )
  );
}

function shownLike(
  limit: Limit,
  { told }: Query,
  runbooks: readonly Runbook[],
): DynamicConfigValue[] {
  const { unit, decimals } = shownAs(limit);
  return [
    { id: "unit", value: unit },
    ...(decimals === undefined ? [] : [{ id: "decimals", value: decimals }]),
    // Without it a goodput of 100 % would look as near to its limit of 90 %.
    ...(limit.bound === "lower" && limit.most !== undefined
      ? [{ id: "max", value: limit.most }]
      : []),
    // The panel says of a series that has ended: "no traffic since 13:51".
    { id: "noValue", value: limit.unit === "bytes" ? NO_DATA : NO_TRAFFIC },
    ...(told ? [{ id: "mappings", value: [moreThanTold(told)] }] : []),
    { id: "links", value: seriesLinks(runbooks) },
  ];
}

/** What the series of a limit are called, and the labels by which the alerts choose them. */
interface Measured {
  readonly series: string;
  readonly matchers?: string;
  /** What is written after the limit's title when it has several series. */
  readonly parts?: string;
  /** Whether its series are told apart by the kind of work. */
  readonly byWork?: true;
  /** The histogram of a quantile. */
  readonly told?: Told;
}

const MEASURED: Readonly<Record<string, Measured>> = {
  memory: {
    series: "headroom_memory_used_bytes",
    // Those with a capacity of their own; a part of them has no limit.
    matchers: `scope=~"${MEMORY_SCOPES.join("|")}"`,
    parts: "{{scope}}",
  },
  error_ratio: { series: RECORDED.errors, parts: "{{work}}", byWork: true },
  latency_p95: { series: RECORDED.p95, told: "latency" },
  // Attribution methods are not interchangeable, so each has its own lane.
  attribution_entropy: { series: RECORDED.entropy, parts: "{{method}}" },
  attribution_sparsity: { series: RECORDED.sparsity, parts: "{{method}}" },
  first_token_p95: {
    series: RECORDED.chat.firstToken,
    parts: "{{gen_ai_request_model}}",
    told: "firstToken",
  },
  output_token_p95: {
    series: RECORDED.chat.outputToken,
    parts: "{{gen_ai_request_model}}",
    told: "outputToken",
  },
  goodput: { series: RECORDED.chat.goodput, parts: "{{model}}" },
  kv_cache: { series: "upstream:kv_cache_usage:ratio" },
  ...Object.fromEntries(
    (Object.keys(STATUS_TARGET_SECONDS) as StatusScenario[]).map((scenario) => [
      statusLimit(scenario).id,
      {
        series: RECORDED.statusP95,
        matchers: `scenario="${scenario}"`,
        told: "status",
      } as const,
    ]),
  ),
};

/**
 * What a limit is held against, as a query: the very series that alert. Its `refId` is the
 * limit's id, by which the panel finds the limit in `headroom_limit`.
 *
 * @param work - the one kind of work that is asked for, where a limit is about several
 * @param of - asks for all exporters, and for none that is chosen
 * @throws RangeError when no series is known for the limit
 */
export function laneQuery({ id, title }: Pick<Limit, "id" | "title">, work?: Work, of?: Of): Query {
  const measured = MEASURED[id];
  if (!measured) {
    throw new RangeError(
      `no series is known for the limit ${id}; add it to provisioning/grafana-files/limits-panel.ts`,
    );
  }
  const { parts, told, byWork } = measured;
  const matchers = byWork && work ? `work="${work}"` : measured.matchers;
  const single = id === "memory" && of ? RECORDED.memoryPerLimit : measured.series;
  const series = of ? { whole: wholeOf, worst: worstOf }[of](single) : single;
  const all = [matchers, of ? "" : INSTANCE].filter(Boolean).join(", ");
  return {
    refId: id,
    expr: all === "" ? series : `${series}{${all}}`,
    legend: `${[title, parts].filter(Boolean).join(", ")}${of ? "" : "$exporter"}`,
    told,
  };
}

/** The axes of the map are those of the grid also while no message is counted in it. */
const QUALITY_AXES = Object.fromEntries(
  Object.entries(qualityGrid()).map(([quality, edges]: [string, readonly number[]]) => [
    `attribution_${quality}`,
    [
      { id: "min", value: 0 },
      { id: "max", value: Math.max(...edges.filter(Number.isFinite)) },
    ],
  ]),
);

const QUALITIES: Readonly<Record<string, string>> = {
  attribution_entropy: "attribution_entropy_nats",
  attribution_sparsity: "attribution_sparsity_ratio",
};

/**
 * The mean of an attribution quality from scrape to scrape: the window of the alerts would move by a
 * hair each time, and hide how the qualities spread. It wants as many messages as they do.
 *
 * @throws RangeError when the limit is none of an attribution quality
 */
function qualityQuery({ id, title }: Pick<Limit, "id" | "title">): Query {
  const metric = QUALITIES[id];
  if (!metric) throw new RangeError(`${id} is not the limit of an attribution quality`);
  const expr = attributionMean(metric, {
    window: "$__rate_interval",
    by: "job, instance, method",
    matchers: INSTANCE,
  });
  return { refId: id, expr, legend: `${title}, {{method}}$exporter` };
}

/**
 * Asks for the limits that the exporter itself goes by, as it told them last: the lanes of one that is
 * gone are still there, and still have them.
 */
const LIMITS_QUERY: Query = {
  refId: "limits",
  expr: `last_over_time(headroom_limit{${INSTANCE}}[1h])`,
  legend: "{{limit}}, {{severity}}, {{bound}}",
};

/** The same of all exporters, once a minute: an hour of each exporter's would be millions of samples. */
const FLEET_LIMITS: Query = {
  ...LIMITS_QUERY,
  expr: `max by (limit, severity, bound) (last_over_time(${LIMITS_OF_ALL}[1h:1m]))`,
};

/** How many messages of the range lie in each cell of entropy and sparsity, by method. */
const MESSAGES_QUERY: Query = {
  refId: "messages",
  expr: `sum by (method, entropy_le, sparsity_le) (increase(${QUALITY_MESSAGES}{${INSTANCE}}[$__range]))`,
  legend: "{{method}}, {{entropy_le}}, {{sparsity_le}}",
};

const ALERTS_QUERY: Query = {
  refId: "alerts",
  expr: alertsSince(INSTANCE),
  legend: "{{alertstate}}",
};

const FLEET_ALERTS: Query = { ...ALERTS_QUERY, expr: ALERTS_OF_ALL };
