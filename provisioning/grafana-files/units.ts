import type { Limit } from "@headroom/alerts/limits";

/** How Grafana writes a value: the id of a unit, and decimals where its own choice misleads. */
export interface Shown {
  readonly unit: string;
  readonly decimals?: number;
}

const UNITS: Readonly<Record<Limit["unit"], Shown>> = {
  // 1 GB = 1e9 bytes, as the limits count.
  bytes: { unit: "decbytes" },
  seconds: { unit: "s" },
  ratio: { unit: "percentunit" },
  nats: { unit: "suffix:nats", decimals: 2 },
};

/** How the values of a limit are shown. */
export function shownAs({ id, unit }: Pick<Limit, "id" | "unit">): Shown {
  // A Gini index is no share of anything; alerts and runbooks write it as a plain number.
  return id === "attribution_sparsity" ? { unit: "none", decimals: 2 } : UNITS[unit];
}
