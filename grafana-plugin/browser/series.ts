import type { DataFrameDTO, FieldConfig } from "@grafana/data";

/** 2026-01-01T12:00:00Z, so that pictures are the same on every day. */
export const END = 1_767_268_800_000;

/** Milliseconds that a scene shows. */
export const SPAN = 3_600_000;

/** Moments of a scene, evenly spaced up to {@link END}, or to a share of the scene. */
export function moments(count: number, share = 1): number[] {
  return Array.from({ length: count }, (_, i) => END - SPAN + ((i + 1) * share * SPAN) / count);
}

/**
 * A smooth curve with noise on it, the same in every run: a linear congruential generator with the
 * constants of Numerical Recipes (Press et al.).
 *
 * @param level - its height at a moment, which runs from 0 to 1
 * @param spread - how far the noise reaches up and down
 */
export function wave(
  count: number,
  seed: number,
  level: (moment: number) => number,
  spread: number,
): number[] {
  let state = seed >>> 0;
  return Array.from({ length: count }, (_, i) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return level(i / count) + spread * (state / 2 ** 31 - 1);
  });
}

type Thresholds = NonNullable<FieldConfig["thresholds"]>;

/** Coloured steps as Grafana's editor writes them; the first holds from minus infinity on. */
function steps(base: string, ...rest: readonly (readonly [number, string])[]): Thresholds {
  return {
    mode: "absolute" as Thresholds["mode"],
    steps: [{ value: -Infinity, color: base }, ...rest.map(([value, color]) => ({ value, color }))],
  };
}

/** An alert as Prometheus tells it, with the seconds before {@link END} for which its condition holds. */
export function alertFrame(
  limit: string,
  state: "pending" | "firing",
  seconds: number,
): DataFrameDTO {
  const labels = { alertname: `${limit} high`, alertstate: state, severity: "critical", limit };
  return {
    refId: "alerts",
    fields: [
      { name: "Time", type: "time" as never, values: [END] },
      { name: "Value", type: "number" as never, values: [END / 1_000 - seconds], labels },
    ],
  };
}

/** What to do about a made-up limit. */
export const ADVICE = ["latency_p95", "errors"].map((limit) => ({
  ...{ alert: `${limit} high`, limits: [limit], severity: "critical", holdSeconds: 120 },
  runbookUrl: `https://runbooks.example/${limit}`,
  action: 'Ask for less: "prefix" instead of "occlusion", or none where nobody reads it.',
}));

/** Messages in the cells of a grid, most of them around a middle, as one query at {@link END} gives them. */
export function gridFrames(middle: { readonly x: number; readonly y: number }): DataFrameDTO[] {
  const xs = [0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.1, 2.4, 2.7, 3, Infinity];
  const ys = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
  return xs.flatMap((x) =>
    ys.map((y): DataFrameDTO => {
      const far = ((Math.min(x, 3.3) - 0.15 - middle.x) / 0.6) ** 2 + ((y - middle.y) / 0.15) ** 2;
      const edges = { entropy_le: x === Infinity ? "+Inf" : String(x), sparsity_le: String(y) };
      return {
        refId: "messages",
        fields: [
          { name: "Time", type: "time" as never, values: [END] },
          {
            ...{ name: "Value", type: "number" as never, labels: edges },
            values: [Math.round(5_000 * Math.exp(-far))],
          },
        ],
      };
    }),
  );
}

/** The kinds of limit that a lane can have, in made-up numbers. */
export const LIMITED = {
  latency: { unit: "s", thresholds: steps("green", [0.4, "orange"], [0.8, "red"]) },
  memory: { unit: "decbytes", thresholds: steps("green", [6e9, "orange"], [8e9, "red"]) },
  errors: { unit: "percentunit", thresholds: steps("green", [0.04, "red"]) },
  entropy: { unit: "suffix:nats", thresholds: steps("orange", [0.6, "green"], [2.4, "orange"]) },
  sparsity: { unit: "percentunit", thresholds: steps("orange", [0.2, "green"]) },
} satisfies Record<string, FieldConfig>;

/**
 * A frame with one series, as a Prometheus query gives it.
 *
 * @param share - of the scene, from its beginning, that the values cover
 */
export function frame(
  name: string,
  values: readonly (number | null)[],
  config: FieldConfig = {},
  share = 1,
): DataFrameDTO {
  return {
    refId: name,
    fields: [
      { name: "Time", type: "time" as never, values: moments(values.length, share) },
      {
        name: "Value",
        type: "number" as never,
        values: [...values],
        labels: { instance: "127.0.0.1:9700" },
        config: { displayName: name, ...config },
      },
    ],
  };
}
