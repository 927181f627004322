/** The command that serves the preview, as `npm start` runs it: `node serve.ts --dashboards ...`. */
import { parseArgs } from "node:util";
import { requireBuilt } from "./places.ts";
import { startPreview } from "./server.ts";

try {
  const { values } = parseArgs({
    options: {
      /** On 127.0.0.1; 0 for any free one. */
      port: { type: "string", default: "9710" },
      prometheus: { type: "string", default: "http://127.0.0.1:9090" },
      /** Folder of provisioned dashboards. */
      dashboards: { type: "string", default: "." },
      /** JSON file of services that are, or were, not there. */
      troubles: { type: "string" },
      /** How often Prometheus scrapes, in seconds. */
      "scrape-interval": { type: "string", default: "5" },
    },
  });
  requireBuilt();
  const preview = await startPreview({
    port: Number(values.port),
    prometheusUrl: new URL(values.prometheus).href,
    dashboardsFolder: values.dashboards,
    troublesFile: values.troubles,
    scrapeIntervalSeconds: Number(values["scrape-interval"]),
  });
  console.log(`Preview, not Grafana: ${preview.url}`);
  const stop = () => void preview.close();
  process.once("SIGINT", stop).once("SIGTERM", stop);
} catch (error) {
  console.error(`The preview could not be started: ${(error as Error).message}`);
  process.exitCode = 1;
}
