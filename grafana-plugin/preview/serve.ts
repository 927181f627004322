/** The command that serves the preview: `node serve.ts --port 9710 --prometheus http://...`. */
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { requireBuilt } from "./require-built.ts";
import { startPreview } from "./server.ts";

const options = new Command("preview")
  .description("Serves dashboards with the built plugin on a page that plays Grafana's part.")
  .option("--port <number>", "port on 127.0.0.1; 0 for any free one", portNumber, 9710)
  .option("--prometheus <url>", "where Prometheus listens", "http://127.0.0.1:9090")
  .requiredOption("--dashboards <folder>", "folder of provisioned dashboards")
  .option("--troubles <file>", "JSON file of parts that are, or were, not there")
  .option("--scrape-interval <seconds>", "how often Prometheus scrapes", positive, 5)
  .parse()
  .opts<{
    port: number;
    prometheus: string;
    dashboards: string;
    troubles?: string;
    scrapeInterval: number;
  }>();

try {
  requireBuilt();
  const preview = await startPreview({
    port: options.port,
    prometheusUrl: new URL(options.prometheus).href,
    dashboardsFolder: resolve(process.env["INIT_CWD"] ?? ".", options.dashboards),
    ...(options.troubles !== undefined && { troublesFile: options.troubles }),
    scrapeIntervalSeconds: options.scrapeInterval,
  });
  console.log(`Preview, not Grafana: ${preview.url}`);
  const stop = () => void preview.close();
  process.once("SIGINT", stop).once("SIGTERM", stop);
} catch (error) {
  console.error(`The preview could not be started: ${(error as Error).message}`);
  process.exitCode = 1;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError(`a port is a whole number from 0 to 65535; got "${text}".`);
}

function positive(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new InvalidArgumentError(`it is a positive number of seconds; got "${text}".`);
}
