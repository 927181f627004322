import type {
  SpecialValueMap,
  Threshold,
  ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import {
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { isBroken } from "@headroom/alerts/headroom";
import type { Limit, Severity } from "@headroom/alerts/limits";
import { LONGEST_TOLD_SECONDS, MEMORY_FRACTION } from "@headroom/alerts/limits";

// How values look: their colour, their unit, and the words where a number would mislead.

/** Grafana's names of the colours that mean something; the same in every panel. */
export const COLOURS = {
  inside: "green",
  warning: "orange",
  critical: "red",
} as const satisfies Record<Severity | "inside", string>;

/** What there is no value of has none of them. */
export const NEUTRAL = "gray";

/** Colours without a meaning, for series that are no states; none looks like one of those. */
export const SERIES = ["#5794f2", "#37a2a2", "#b877d9", "#8e8e8e", "#a1887f", "#d67bb5"] as const;

/** A colour that Grafana does not draw. */
export const UNSEEN = "transparent";

/** What is said where there is no value: nobody asked, or nothing was measured. */
export const NO_TRAFFIC = "no traffic";
export const NO_DATA = "no data";

/** What graphs say while there is nothing to draw, and what to type then. */
export const EMPTY = {
  sentiment: "No sentiment requests yet: npm run load -- throughput",
  status: "No status requests yet: npm run load -- status",
  chat: "No chat requests yet: npm run load -- chat",
  load: "No load run: npm run load -- throughput",
  exporter: "No exporter is scraped: npm start",
  upstream: "No model server: npm start -- --upstream http://127.0.0.1:11434",
} as const;

/** A histogram of request times: what is read from it may be more than its last edge. */
export type Told = keyof typeof LONGEST_TOLD_SECONDS;

/**
 * Says "more than 5 s" of a quantile at the last finite edge of its histogram. How much more it is, no
 * histogram tells.
 */
export function moreThanTold(told: Told): ValueMapping {
  const longest = LONGEST_TOLD_SECONDS[told];
  const result = { text: `more than ${longest} s` };
  return { type: MappingType.RangeToText, options: { from: longest, to: null, result } };
}

/** Says that there is no value in grey: by itself Grafana gives it the colour of an allowed one. */
export function nothing(words: string): SpecialValueMap {
  return {
    type: MappingType.SpecialValue,
    options: { match: SpecialValueMatch.NullAndNan, result: { text: words, color: NEUTRAL } },
  };
}

/** Steps as Grafana's thresholds, in the measure's own unit. */
export function thresholds(steps: readonly Threshold[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...steps]);
}

/** The critical limit of memory as a multiple of the warning: the same for every capacity. */
export const CRITICAL_PER_WARNING = MEMORY_FRACTION.critical / MEMORY_FRACTION.warning;

/** Colours of its own for a number that no limit judges, from each of these values on. */
export function turnsAt(values: Partial<Record<Severity, number>>): Threshold[] {
  const edges = Object.entries(values) as [Severity, number][];
  return [
    { value: null, color: COLOURS.inside },
    ...edges.map(([severity, value]) => ({ value, color: COLOURS[severity] })),
  ];
}

/**
 * The limits of one measure as steps: one for each stretch between the limits' edges, in the colour of
 * the worst limit that values inside it break. Grafana's steps begin at their value, so a value
 * exactly at a lower limit is drawn as allowed, although it alerts.
 */
export function steps(limits: readonly Limit[]): Threshold[] {
  const edges = [...new Set(limits.flatMap(edgesOf))].sort((a, b) => a - b);
  return [
    { value: null, color: colourAt((edges[0] ?? 0) - 1, limits) },
    ...edges.map((edge, i) => {
      const end = edges[i + 1];
      const inside = end === undefined ? edge + 1 : (edge + end) / 2;
      return { value: edge, color: colourAt(inside, limits) };
    }),
  ];
}

function edgesOf(limit: Limit): number[] {
  return [
    ...(limit.bound === "upper" ? [] : [limit.lower]),
    ...(limit.bound === "lower" ? [] : [limit.upper]),
  ];
}

function colourAt(value: number, limits: readonly Limit[]): string {
  const broken = limits.filter((limit) => isBroken(limit, value));
  if (broken.some(({ severity }) => severity === "critical")) return COLOURS.critical;
  return broken.length > 0 ? COLOURS.warning : COLOURS.inside;
}

/** How Grafana writes a value: the id of a unit, and decimals where its own choice misleads. */
export interface Shown {
  readonly unit: string;
  readonly decimals?: number;
}

const UNITS: Readonly<Record<Limit["unit"], Shown>> = {
  // 1 GB = 1e9 bytes, as the limits count.
  bytes: { unit: "decbytes" },
  seconds: { unit: "s" },
  ratio: { unit: "percentunit" },
  nats: { unit: "suffix:nats", decimals: 2 },
};

/** How the values of a limit are shown. */
export function shownAs({ id, unit }: Pick<Limit, "id" | "unit">): Shown {
  // A Gini index is no share of anything; alerts and runbooks write it as a plain number.
  return id === "attribution_sparsity" ? { unit: "none", decimals: 2 } : UNITS[unit];
}
