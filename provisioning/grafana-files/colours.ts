import type { Severity } from "@headroom/alerts/limits";

/** Grafana's names of the colours that mean something; the same in every panel. */
export const COLOURS = {
  inside: "green",
  warning: "orange",
  critical: "red",
} as const satisfies Record<Severity | "inside", string>;

/** What there is no value of has none of them. */
export const NEUTRAL = "gray";
