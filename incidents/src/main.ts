/** The command line of the incidents process: configuration from the environment, then run until a signal. */
import { setFlagsFromString } from "node:v8";
import { Command } from "commander";
import { ConfigError } from "@headroom/exporter/config/setting";
import { createLogger, leave } from "@headroom/exporter/log";
import { configHelp, loadConfig } from "./config.ts";
import { DRAIN_SECONDS, startIncidents, type IncidentsProcess } from "./incidents-process.ts";

// A few requests a minute: memory that is given back soon is worth more than time. After 400 scrapes this
// leaves 35 MB instead of 60, after a notification of 12 MB 65 MB at most instead of 77.
setFlagsFromString("--max-semi-space-size=1");
setFlagsFromString("--optimize-for-size");

new Command("incidents")
  .description(
    "Takes the alerts of Alertmanager and Grafana, keeps a record of each incident, and serves the\n" +
      "runbooks. Needs no model and no exporter. Everything is set by environment variables.",
  )
  .addHelpText("after", () => `\n${configHelp()}`)
  .parse();

/** What stopping may take beyond the time for requests in flight, whatever hangs. */
const STOP_SECONDS = 1.5;

try {
  const config = loadConfig(process.env);
  const { logger, flush } = createLogger(config.logLevel);
  let running: IncidentsProcess | undefined = undefined;
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    // Before the start is done nothing can be lost, and asked twice it shall not wait any longer.
    if (!running || stopping) return leave(1);
    stopping = true;
    logger.info({ signal }, "stopping");
    setTimeout(() => leave(1), 1000 * (DRAIN_SECONDS + STOP_SECONDS));
    await running.stop();
    flush(() => leave(0));
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  // A file beyond the limit of the process (ulimit -f) fails to be written, and that is all.
  process.on("SIGXFSZ", () => {});
  running = await startIncidents(config, logger);
} catch (error) {
  console.error(`headroom incidents: ${(error as Error).message}`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
