import type { GrafanaTheme2, IconName } from "@grafana/data";
import type { LaneState } from "../model/lane/lane.ts";

/** The icon of each state; no two share one, so that colour is never needed to tell them apart. */
export const STATE_ICONS: Readonly<Record<LaneState, IconName>> = {
  critical: "times-circle",
  warning: "exclamation-triangle",
  stale: "clock-nine",
  near: "exclamation-circle",
  recovering: "history",
  ok: "check-circle",
  "no-limit": "question-circle",
  "no-data": "circle",
};

/** Colour of a state for text and icons, with enough contrast on the panel's background. */
export function stateColor(theme: GrafanaTheme2, state: LaneState): string {
  const { error, warning, info, success, text } = theme.colors;
  switch (state) {
    case "critical":
      return error.text;
    case "warning":
    case "near":
      return warning.text;
    case "recovering":
      return info.text;
    case "ok":
      return success.text;
    default:
      return text.secondary;
  }
}

/** Colour of a severity for lines and areas. */
export function severityColor(theme: GrafanaTheme2, severity: "warning" | "critical"): string {
  return severity === "critical" ? theme.colors.error.main : theme.colors.warning.main;
}
