/** The command line of the incidents process: configuration from the environment, then run until a signal. */
import { Command } from "commander";
import { pino } from "pino";
import { ConfigError } from "../../exporter/src/config/setting.ts";
import { configHelp, loadConfig } from "./config.ts";
import { startIncidents, type IncidentsProcess } from "./incidents-process.ts";

new Command("incidents")
  .description(
    "Takes the alerts of Alertmanager and Grafana, keeps a record of each incident, and serves the\n" +
      "runbooks. Needs no model and no exporter. Everything is set by environment variables.",
  )
  .addHelpText("after", () => `\n${configHelp()}`)
  .parse();

try {
  const config = loadConfig(process.env);
  const logger = pino({ level: config.logLevel });
  let running: IncidentsProcess | undefined = undefined;
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    // Before the start is done nothing can be lost, and asked twice it shall not wait any longer.
    if (!running || stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, "stopping");
    await running.stop();
    // A disk that hangs would hold the process up for ever.
    process.exit();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  // A file beyond the limit of the process (ulimit -f) fails to be written, and that is all.
  process.on("SIGXFSZ", () => {});
  running = await startIncidents(config, logger);
} catch (error) {
  console.error(`headroom incidents: ${(error as Error).message}`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
