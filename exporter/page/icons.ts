import type { StatusScenario } from "@headroom/alerts/limits";
import type { FindingSeverity } from "../src/status/findings/finding.ts";
import { svg } from "./elements.ts";

/** Lines on a grid of 24 units. */
const SCENARIO_LINES: Readonly<Record<StatusScenario, string>> = {
  "quick-status": "M4 17a8 8 0 1 1 16 0M12 17l4-5",
  "detailed-analysis": "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14M16 16l5 5",
  "process-information": "M4 4h7v7H4zM14 4h6v7h-6zM4 14h7v6H4zM14 14h6v6h-6z",
  "memory-status": "M7 7h10v10H7zM10 3v4m4-4v4m-4 10v4m4-4v4M3 10h4m-4 4h4m10-4h4m-4 4h4",
  "disk-analysis": "M4 6c0-4 16-4 16 0s-16 4-16 0v12c0 4 16 4 16 0V6M4 12c0 4 16 4 16 0",
  "network-status":
    "M2 9.5a14 14 0 0 1 20 0M5 13a10 10 0 0 1 14 0M8.5 16.5a5 5 0 0 1 7 0M12 20h.01",
  "overall-health": "M2 12h5l3-7 4 14 3-7h5",
  "urgent-check": "M6 17v-6a6 6 0 1 1 12 0v6l2 1H4zM10 21h4",
};

/** Each has a shape of its own, so that none is told by its colour alone. */
const STATES: Readonly<Record<FindingSeverity, { readonly shape: string; readonly sign: string }>> =
  {
    ok: { shape: "M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20z", sign: "m7.5 12.5 3 3 6-7" },
    warning: { shape: "M12 2.5 23 21.5H1z", sign: "M12 9.5v5m0 3.5h.01" },
    critical: { shape: "M7.5 2h9L22 7.5v9L16.5 22h-9L2 16.5v-9z", sign: "m8.5 8.5 7 7m0-7-7 7" },
  };

/** The drawing of a scenario. */
export function scenarioIcon(scenario: StatusScenario): SVGElement {
  return icon("icon", svg("path", { d: SCENARIO_LINES[scenario] }));
}

/** The drawing of a state; stands beside its word. */
export function stateIcon(state: FindingSeverity): SVGElement {
  const { shape, sign } = STATES[state];
  const parts = [
    svg("path", { d: shape, class: "shape" }),
    svg("path", { d: sign, class: "sign" }),
  ];
  return icon("state-icon", ...parts);
}

function icon(name: string, ...parts: readonly SVGElement[]): SVGElement {
  return svg("svg", { class: name, viewBox: "0 0 24 24", "aria-hidden": "true" }, ...parts);
}
