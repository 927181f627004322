import { COLOURS } from "./colours.ts";
import { series } from "./expressions.ts";
import type { Figure } from "./figures.ts";
import { RECORDED } from "./recorded.ts";
import type { Runbook } from "./runbooks.ts";

/** How many alerts fire, with the runbooks of all. */
export function alertsFiring(runbooks: readonly Runbook[]): Figure {
  return {
    title: "Alerts firing",
    description:
      "Number of Headroom's warnings and critical alerts that fire now; each has a runbook. What " +
      "is only told (severity info) does not count.",
    expr: `count(${series("ALERTS", 'alertname=~"Headroom.*"', 'alertstate="firing"', 'severity!="info"')}) or vector(0)`,
    unit: "none",
    decimals: 0,
    steps: [
      { value: null, color: COLOURS.inside },
      { value: 1, color: COLOURS.critical },
    ],
    runbooks,
  };
}

export const MESSAGES_A_SECOND: Figure = {
  title: "Messages a second",
  description: "Messages answered a second over the last minute, from model and cache.",
  expr: `sum(${series(RECORDED.messages)})`,
  unit: "short",
};
