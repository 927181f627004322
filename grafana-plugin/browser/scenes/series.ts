import type { DataFrameDTO, FieldConfig } from "@grafana/data";
import { moments } from "./waves.ts";

type Thresholds = NonNullable<FieldConfig["thresholds"]>;

/** Coloured steps as Grafana's editor writes them; the first holds from minus infinity on. */
export function steps(base: string, ...rest: readonly (readonly [number, string])[]): Thresholds {
  return {
    mode: "absolute" as Thresholds["mode"],
    steps: [{ value: -Infinity, color: base }, ...rest.map(([value, color]) => ({ value, color }))],
  };
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
