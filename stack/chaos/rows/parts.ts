import { setTimeout as sleep } from "node:timers/promises";
import type { Row } from "../row.ts";

/** What watches the exporter ends or hangs; its clients must not notice. */
export const PARTS_ROWS: readonly Row[] = [
  {
    name: "prometheus-killed",
    fault: "Prometheus is killed",
    async run(stack) {
      const query = `${stack.prometheus}/api/v1/query?query=`;
      const samples = async () => {
        const expression = encodeURIComponent('count_over_time(up{job="headroom"}[1h])');
        const answer = await fetch(query + expression).catch(() => undefined);
        const { data } = answer?.ok
          ? ((await answer.json()) as { data: { result: { value: [number, string] }[] } })
          : { data: { result: [] } };
        return Number(data.result[0]?.value[1] ?? 0);
      };
      const before = await samples();
      process.kill(stack.pidOf("prometheus"), "SIGKILL");
      const started = Date.now();
      while ((await samples()) <= before && Date.now() - started < 20_000) await sleep(100);
      const after = await samples();
      return {
        problems: after > before ? [] : [`of ${before} samples ${after} are left`],
        note: `${before} samples before, ${after} after`,
      };
    },
  },
  {
    name: "alertmanager-killed",
    fault: "Alertmanager is killed",
    run: async (stack) => void process.kill(stack.pidOf("alertmanager"), "SIGKILL"),
  },
];
