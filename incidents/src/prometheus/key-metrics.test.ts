import { expect, it } from "@jest/globals";
import { pino } from "pino";
import { loadConfig } from "@headroom/exporter/config";
import { startExporter } from "@headroom/exporter/exporter";
import { keyMetrics, machineQueries } from "./key-metrics.ts";

it("the exporter exposes every metric that an incident asks Prometheus for", async () => {
  const config = loadConfig({ HEADROOM_PORT: "0", HEADROOM_SIMULATE: "true" });
  const exporter = await startExporter(config, pino({ level: "silent" }));
  try {
    const text = await (await fetch(`${exporter.url}/metrics`)).text();
    const shown = new Set([...text.matchAll(/^([a-z]\w+)[{ ]/gm)].map(([, name]) => name));
    const queries = keyMetrics("").map(({ query }) => query);
    for (const query of [...queries, ...Object.values(machineQueries("a"))]) {
      const asked = [...query.matchAll(/([a-z]\w+)[{[]/g)].map(([, metric = ""]) => metric);
      expect({ query, asked: asked.length > 0 }).toEqual({ query, asked: true });
      for (const metric of asked) {
        expect({ metric, shown: shown.has(metric) }).toEqual({ metric, shown: true });
      }
    }
  } finally {
    await exporter.stop();
  }
});
