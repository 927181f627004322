import type { StageInput } from "../../preview/page/stage/input.ts";
import { LANE_FRAMES, type State } from "./lanes.ts";
import { MAP_FRAMES } from "./map.ts";
import { END, SPAN } from "./waves.ts";

/** Every state that both views are shown in. */
export const STATES = Object.keys(LANE_FRAMES) as State[];

/** The views of the panel. */
export const VIEWS = ["lanes", "map"] as const;

/** The themes that Grafana has. */
export const THEMES = ["light", "dark"] as const;

/** What the stage shows for one picture. */
export function scene(
  view: (typeof VIEWS)[number],
  state: State,
  theme: (typeof THEMES)[number],
): StageInput {
  const [width, height] = state === "tiny panel" ? [360, 120] : [720, 400];
  return {
    frames: view === "lanes" ? LANE_FRAMES[state]() : MAP_FRAMES[state](),
    options: { view, runbookUrl: "https://runbooks.example/entropy" },
    from: END - SPAN,
    to: END,
    width,
    height,
    theme,
  };
}
