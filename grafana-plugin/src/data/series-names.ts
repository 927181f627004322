import { type DataFrame, formatLabels, getFieldDisplayName } from "@grafana/data";
import type { SeriesPart } from "./series-parts.ts";

/**
 * The names of series, as Grafana would show them.
 *
 * @param namedAmong - all frames of the panel: Grafana leaves out of a name what is the same in all
 * of them, and overrides by name go by that
 */
export function seriesNames(
  parts: readonly SeriesPart[],
  namedAmong: readonly DataFrame[],
): readonly string[] {
  // Grafana names the series of a long frame after splitting it, each in a frame of its own.
  const split = new Map<SeriesPart, DataFrame>();
  for (const part of parts) {
    if (part.rows) split.set(part, { ...part.frame, fields: [part.field], length: 0 });
  }
  const splitFrames = [...split.values()];
  return parts.map((part) => {
    const own = split.get(part);
    if (!own) return getFieldDisplayName(part.field, part.frame, [...namedAmong]);
    const name = getFieldDisplayName(part.field, own, splitFrames);
    // A configured name is the column's, and so the same for all of its series.
    const { displayName, displayNameFromDS } = part.field.config;
    const isConfigured = Boolean(displayName) || Boolean(displayNameFromDS);
    return isConfigured ? `${name} ${formatLabels(part.labels)}` : name;
  });
}
