import type { DataFrameDTO } from "@grafana/data";
import type { State } from "./lanes.ts";
import { frame, LIMITED } from "./series.ts";
import { moments, wave } from "./waves.ts";

const POINTS = 240;

const pair = (
  entropy: (t: number) => number,
  sparsity: (t: number) => number,
  count = POINTS,
  isLimited = true,
): DataFrameDTO[] => [
  frame("Entropy, mean", wave(count, 4, entropy, 0.25), isLimited ? LIMITED.entropy : {}),
  frame("Sparsity, mean", wave(count, 5, sparsity, 0.08), isLimited ? LIMITED.sparsity : {}),
];

const inside = [() => 1.5, () => 0.7] as const;

/** The frames of the quality map in each state that a picture shows. */
export const MAP_FRAMES: Readonly<Record<State, () => DataFrameDTO[]>> = {
  normal: () => pair(...inside),
  near: () => pair((t) => 1.5 + 0.6 * t, inside[1]),
  breached: () =>
    pair(
      (t) => 1.5 + 1.4 * t,
      (t) => 0.7 - 0.6 * t,
    ),
  recovering: () => pair((t) => (t > 0.5 && t < 0.9 ? 2.8 : 1.6), inside[1]),
  ended: () =>
    pair((t) => 1.5 + 1.4 * t, inside[1]).map((one) => ({
      ...one,
      fields: one.fields.map((field, i) =>
        i === 0 ? { ...field, values: moments(POINTS, 0.6) } : field,
      ),
    })),
  "no data": () => [],
  "no limit": () => pair(...inside, POINTS, false),
  "50 lanes": () => [
    ...pair(...inside),
    ...Array.from({ length: 48 }, (_, i) =>
      frame(
        `Other ${i}`,
        wave(60, i, () => i, 0.2),
      ),
    ),
  ],
  "tiny panel": () => pair(...inside),
  "10k points": () => pair(...inside, 10_000),
};
