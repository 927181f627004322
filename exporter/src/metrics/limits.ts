import type { Limit } from "@headroom/alerts/limits";
import { readGauge, type Registry, type Sample } from "./prometheus.ts";

/** The limits as they hold on this machine now; those of memory once for each scope. */
export type LimitSource = () => Promise<readonly Limit[]>;

/** `headroom_limit`: each edge of each limit, so that a dashboard draws the lines that alert. */
export function limitMetrics(registry: Registry, limits: LimitSource): void {
  readGauge(
    registry,
    {
      name: "headroom_limit",
      help: "The limits in base units; a band has an upper and a lower edge, memory some by scope.",
      labels: ["limit", "severity", "bound", "scope"],
    },
    async () => (await limits()).flatMap(edgesOf),
  );
}

function edgesOf(found: Limit): Sample<"limit" | "severity" | "bound" | "scope">[] {
  const { id: limit, severity, scope } = found;
  const edge = (bound: "upper" | "lower", value: number) =>
    [{ limit, severity, bound, ...(scope && { scope }) }, value] as const;
  return [
    ...(found.bound === "lower" ? [] : [edge("upper", found.upper)]),
    ...(found.bound === "upper" ? [] : [edge("lower", found.lower)]),
  ];
}
