import type { DataFrameDTO } from "@grafana/data";
import type { StageInput } from "../../preview/page/stage.tsx";
import { ADVICE, alertFrame, END, frame, gridFrames, LIMITED, SPAN, wave } from "../series.ts";

const POINTS = 240;

/** When some values end, as a share of the scene. */
const ENDED_AT = 0.6;

/** Height of a curve at a moment, which runs from 0 to 1. */
type Level = (moment: number) => number;

/** Five lanes, by default well inside their limits. */
const LANES = {
  latency: (level: Level = (t) => 0.12 + 0.03 * Math.sin(9 * t), count = POINTS) =>
    frame("Latency, P95", wave(count, 1, level, 0.02), LIMITED.latency),
  memory: (level: Level = () => 2.4e9, count = POINTS) =>
    frame("Memory used", wave(count, 2, level, 0.05e9), LIMITED.memory),
  errors: (level: Level = () => 0.004, count = POINTS) =>
    frame("Errors", wave(count, 3, level, 0.003), LIMITED.errors),
  entropy: (level: Level = (t) => 1.5 + 0.2 * Math.sin(5 * t), count = POINTS) =>
    frame("Entropy, mean", wave(count, 4, level, 0.1), LIMITED.entropy),
  sparsity: (spread = 0.04, level: Level = () => 0.74, count = POINTS) =>
    frame("Sparsity, mean", wave(count, 5, level, spread), LIMITED.sparsity),
};

const normal = (count = POINTS): DataFrameDTO[] => [
  LANES.latency(undefined, count),
  LANES.memory(undefined, count),
  LANES.errors(undefined, count),
  LANES.entropy(undefined, count),
  LANES.sparsity(undefined, undefined, count),
];

/** The frames of the lanes in each state that a picture shows. */
const LANE_FRAMES = {
  normal: () => normal(),
  near: () => [
    LANES.memory((t) => 3.2e9 + 2.4e9 * t),
    LANES.latency(),
    LANES.errors(),
    LANES.entropy(),
    LANES.sparsity(),
  ],
  breached: () => [
    LANES.latency((t) => 0.2 + 0.8 * t ** 3),
    LANES.errors((t) => (t > 0.7 ? 0.06 : 0.005)),
    LANES.sparsity(0.02, (t) => 0.7 - 0.55 * t),
    LANES.memory(),
    LANES.entropy(),
    alertFrame("latency_p95", "firing", 900),
    alertFrame("errors", "pending", 40),
  ],
  recovering: () => [
    LANES.latency((t) => (t > 0.6 && t < 0.95 ? 0.55 : 0.15)),
    ...normal().slice(1),
  ],
  ended: () => [
    frame(
      "Latency, P95",
      wave(POINTS, 1, (t) => 0.2 + 0.8 * t ** 3, 0.02),
      { ...LIMITED.latency, noValue: "no traffic" },
      ENDED_AT,
    ),
    frame(
      "Errors",
      wave(POINTS, 3, () => 0.004, 0.003),
      LIMITED.errors,
      ENDED_AT,
    ),
    LANES.memory(),
    LANES.sparsity(),
  ],
  "no data": () => [],
  "no limit": () => normal().map(withoutThresholds),
  "50 lanes": () =>
    Array.from({ length: 50 }, (_, i) =>
      frame(
        `Latency of node ${i + 1}`,
        wave(60, i, (t) => 0.05 + 0.012 * i + 0.04 * Math.sin(6 * t + i), 0.02),
        LIMITED.latency,
      ),
    ),
  "tiny panel": () => normal(),
  "10k points": () => normal(10_000),
} as const satisfies Record<string, () => DataFrameDTO[]>;

type State = keyof typeof LANE_FRAMES;

/** Entropy and sparsity, by default inside the region. */
const pair = (
  entropy: Level = () => 1.5,
  sparsity: Level = () => 0.7,
  { count = POINTS, share = 1, isLimited = true } = {},
): DataFrameDTO[] => [
  frame("Entropy, mean", wave(count, 4, entropy, 0.25), isLimited ? LIMITED.entropy : {}, share),
  frame("Sparsity, mean", wave(count, 5, sparsity, 0.08), isLimited ? LIMITED.sparsity : {}, share),
];

/** The frames of the quality map in each state that a picture shows. */
const MAP_FRAMES: Readonly<Record<State, () => DataFrameDTO[]>> = {
  normal: () => pair(),
  near: () => pair((t) => 1.5 + 0.6 * t),
  breached: () =>
    pair(
      (t) => 1.5 + 1.4 * t,
      (t) => 0.7 - 0.6 * t,
    ),
  recovering: () => pair((t) => (t > 0.5 && t < 0.9 ? 2.8 : 1.6)),
  ended: () => pair((t) => 1.5 + 1.4 * t, undefined, { share: ENDED_AT }),
  "no data": () => [],
  "no limit": () => pair(undefined, undefined, { isLimited: false }),
  "50 lanes": () => [
    ...pair(),
    ...Array.from({ length: 48 }, (_, i) =>
      frame(
        `Other ${i}`,
        wave(60, i, () => i, 0.2),
      ),
    ),
  ],
  "tiny panel": () => pair(),
  "10k points": () => pair(undefined, undefined, { count: 10_000 }),
};

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
    options: { view, runbookUrl: "https://runbooks.example/entropy", advice: ADVICE },
    from: END - SPAN,
    to: END,
    width,
    height,
    theme,
  };
}

/** The map of messages: a quarter of them lies outside, and no mean does. */
export function messagesScene(theme: (typeof THEMES)[number]): StageInput {
  const input = scene("map", "normal", theme);
  return { ...input, frames: [...input.frames, ...gridFrames({ x: 1.9, y: 0.6 })] };
}

function withoutThresholds(one: DataFrameDTO): DataFrameDTO {
  const fields = one.fields.map(({ config, ...field }) => {
    const { thresholds: _, ...rest } = config ?? {};
    return { ...field, config: rest };
  });
  return { ...one, fields };
}
