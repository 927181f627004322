import type { Threshold } from "@grafana/grafana-foundation-sdk/dashboard";
import { ThresholdsConfigBuilder, ThresholdsMode } from "@grafana/grafana-foundation-sdk/dashboard";
import { isBroken } from "@headroom/alerts/headroom";
import type { Limit } from "@headroom/alerts/limits";
import { COLOURS } from "./colours.ts";

/** The limits of one measure as Grafana's thresholds, in the measure's own unit. */
export function thresholds(limits: readonly Limit[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps(limits));
}

/**
 * The steps of {@link thresholds}: one for each stretch between the limits' edges, in the colour of
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
