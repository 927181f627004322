import {
  BigValueColorMode,
  BigValueGraphMode,
  ReduceDataOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { Threshold } from "@grafana/grafana-foundation-sdk/dashboard";
import { ThresholdsConfigBuilder, ThresholdsMode } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import type { Limit } from "../../alerts/limits.ts";
import { COLOURS } from "./colours.ts";
import { DATA_SOURCE } from "./data-source.ts";
import { INSTANCE } from "./instance.ts";
import { RECORDED } from "./lane-queries.ts";
import { steps } from "./limit-thresholds.ts";
import { overTime } from "./query.ts";
import type { Runbook } from "./runbooks.ts";
import { panelLinks, runbooksFor } from "./runbooks.ts";

interface Figure {
  readonly title: string;
  readonly description: string;
  readonly expr: string;
  readonly unit: string;
  readonly decimals?: number;
  /** The limit that colours the figure; without it, it has no colour of its own. */
  readonly limit?: string;
  readonly steps?: Threshold[];
  readonly runbooks?: readonly Runbook[];
}

const of = (series: string, ...matchers: readonly string[]): string =>
  `${series}{${[...matchers, INSTANCE].join(", ")}}`;

const figures = (runbooks: readonly Runbook[]): readonly Figure[] => [
  {
    title: "Alerts firing",
    description: "Number of Headroom's alerts that fire now; each of them has a runbook.",
    expr: `count(${of("ALERTS", 'alertname=~"Headroom.*"', 'alertstate="firing"')}) or vector(0)`,
    unit: "none",
    decimals: 0,
    steps: [
      { value: null, color: COLOURS.inside },
      { value: 1, color: COLOURS.critical },
    ],
    runbooks,
  },
  {
    title: "Messages a second",
    description: "Messages answered a second over the last minute, from model and cache.",
    expr: `sum(${of(RECORDED.messages)})`,
    unit: "short",
  },
  {
    title: "Latency, P95",
    description:
      "Seconds within which 95 % of the requests of the last minute were answered, queueing and " +
      "cache hits included; of the slowest exporter.",
    expr: `max(${of(RECORDED.p95)})`,
    unit: "s",
    limit: "latency_p95",
  },
  {
    title: "Memory of the process",
    description:
      "Bytes that are resident in the exporter's processes, models included; of the largest one.",
    expr: `max(${of("headroom_memory_used_bytes", 'scope="process"')})`,
    unit: "decbytes",
    limit: "memory",
  },
  {
    title: "Errors",
    description:
      "Share of the requests of the last minute that ended in a server error or missed their " +
      "deadline; of the worst exporter.",
    expr: `max(${of(RECORDED.errors)})`,
    unit: "percentunit",
    limit: "error_ratio",
  },
  {
    title: "Answered from the cache",
    description: "Share of the messages of the last minute that a cache answered, and no model.",
    expr: `sum(${of(RECORDED.messages, 'source="cache"')}) / sum(${of(RECORDED.messages)})`,
    unit: "percentunit",
  },
];

/** Six single numbers, each with its course behind it. */
export function figurePanels(
  limits: readonly Limit[],
  runbooks: readonly Runbook[],
): PanelBuilder[] {
  return figures(runbooks).map((figure) => {
    const own = limits.filter(({ id }) => id === figure.limit);
    const panel = new PanelBuilder()
      .title(figure.title)
      .description(figure.description)
      .datasource(DATA_SOURCE)
      .withTarget(overTime({ refId: "A", expr: figure.expr, legend: figure.title }))
      .unit(figure.unit)
      .noValue("none yet")
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false).fields(""))
      .graphMode(BigValueGraphMode.Area)
      .colorMode((figure.limit ?? figure.steps) ? BigValueColorMode.Value : BigValueColorMode.None)
      .thresholds(
        new ThresholdsConfigBuilder()
          .mode(ThresholdsMode.Absolute)
          .steps(figure.steps ?? steps(own)),
      )
      .links(panelLinks(figure.runbooks ?? runbooksFor(runbooks, figure.limit ?? "")));
    return figure.decimals === undefined ? panel : panel.decimals(figure.decimals);
  });
}
