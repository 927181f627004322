import { Gauge, type Registry } from "./prometheus.ts";
import type { Limit } from "@headroom/alerts/limits";

/** The limits as they hold on this machine now; those of memory once for each scope. */
export type LimitSource = () => Promise<readonly Limit[]>;

/** `headroom_limit`: each edge of each limit, so that a dashboard draws the lines that alert. */
export function limitMetrics(registry: Registry, limits: LimitSource): void {
  new Gauge({
    name: "headroom_limit",
    help: "The limits in base units; a band has an upper and a lower edge, memory some by scope.",
    labelNames: ["limit", "severity", "bound", "scope"],
    registers: [registry],
    async collect() {
      const now = await limits();
      this.reset();
      for (const l of now) {
        const { id, severity, scope } = l;
        const edge = (bound: "upper" | "lower", value: number) =>
          this.set({ limit: id, severity, bound, ...(scope && { scope }) }, value);
        if (l.bound !== "lower") edge("upper", l.upper);
        if (l.bound !== "upper") edge("lower", l.lower);
      }
    },
  });
}
