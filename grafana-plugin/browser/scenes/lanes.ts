import type { DataFrameDTO } from "@grafana/data";
import { frame, LIMITED } from "./series.ts";
import { wave } from "./waves.ts";

const POINTS = 240;

/** When some values end, as a share of the scene. */
const ENDED_AT = 0.6;

/** Five lanes, all well inside. */
const normal = (count = POINTS): DataFrameDTO[] => [
  frame(
    "Latency, P95",
    wave(count, 1, (t) => 0.12 + 0.03 * Math.sin(9 * t), 0.02),
    LIMITED.latency,
  ),
  frame(
    "Memory used",
    wave(count, 2, () => 2.4e9, 0.05e9),
    LIMITED.memory,
  ),
  frame(
    "Errors",
    wave(count, 3, () => 0.004, 0.003),
    LIMITED.errors,
  ),
  frame(
    "Entropy, mean",
    wave(count, 4, (t) => 1.5 + 0.2 * Math.sin(5 * t), 0.1),
    LIMITED.entropy,
  ),
  frame(
    "Sparsity, mean",
    wave(count, 5, () => 0.74, 0.04),
    LIMITED.sparsity,
  ),
];

/** The frames of the lanes in each state that a picture shows. */
export const LANE_FRAMES = {
  normal: () => normal(),
  near: () => [
    frame(
      "Memory used",
      wave(POINTS, 2, (t) => 3.2e9 + 2.4e9 * t, 0.05e9),
      LIMITED.memory,
    ),
    ...normal().filter(({ refId }) => refId !== "Memory used"),
  ],
  breached: () => [
    frame(
      "Latency, P95",
      wave(POINTS, 1, (t) => 0.2 + 0.8 * t ** 3, 0.02),
      LIMITED.latency,
    ),
    frame(
      "Errors",
      wave(POINTS, 3, (t) => (t > 0.7 ? 0.06 : 0.005), 0.003),
      LIMITED.errors,
    ),
    frame(
      "Sparsity, mean",
      wave(POINTS, 5, (t) => 0.7 - 0.55 * t, 0.02),
      LIMITED.sparsity,
    ),
    ...normal().filter(({ refId }) => refId === "Entropy, mean" || refId === "Memory used"),
  ],
  recovering: () => [
    frame(
      "Latency, P95",
      wave(POINTS, 1, (t) => (t > 0.6 && t < 0.95 ? 0.55 : 0.15), 0.02),
      LIMITED.latency,
    ),
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
    ...normal().filter(({ refId }) => refId === "Memory used" || refId === "Sparsity, mean"),
  ],
  "no data": () => [],
  "no limit": () => normal().map((one) => withoutThresholds(one)),
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

/** A state that a picture shows. */
export type State = keyof typeof LANE_FRAMES;

function withoutThresholds(one: DataFrameDTO): DataFrameDTO {
  const fields = one.fields.map(({ config, ...field }) => {
    const { thresholds: _, ...rest } = config ?? {};
    return { ...field, config: rest };
  });
  return { ...one, fields };
}
