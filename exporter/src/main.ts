/** The exporter's command line: configuration from the environment, then run until a signal. */
import { Command } from "commander";
import { ConfigError, configHelp, injectedVariables, loadConfig } from "./config.ts";
import { startExporter, type Exporter } from "./exporter.ts";
import { createLogger, leave } from "./log.ts";

const command = new Command("exporter")
  .description(
    "Runs the model and exposes its metrics. Everything is set by environment variables.",
  )
  .option("--simulate", "answer with the simulated engine (as HEADROOM_SIMULATE=true)")
  .addHelpText("after", () => `\n${configHelp()}`)
  .parse();

/** What stopping may take beyond the time for requests in flight, whatever hangs. */
const STOP_SECONDS = 1.5;

try {
  const { simulate } = command.opts<{ simulate?: true }>();
  const config = loadConfig({ ...process.env, ...(simulate && { HEADROOM_SIMULATE: "true" }) });
  const { logger, flush } = createLogger(config.logLevel);
  const injected = injectedVariables(process.env);
  if (injected.length > 0) {
    logger.warn({ variables: injected }, "left out: Kubernetes sets these for a service");
  }
  let exporter: Exporter | undefined = undefined;
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    // Before the start is done nothing can be lost, and asked twice it shall not wait any longer.
    if (!exporter || stopping) return leave(1);
    stopping = true;
    logger.info({ signal }, "stopping");
    setTimeout(() => leave(1), 1000 * (config.drainSeconds + STOP_SECONDS));
    await exporter.stop();
    flush(() => leave(0));
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  // A file beyond the limit of the process (ulimit -f) fails to be written, and that is all.
  process.on("SIGXFSZ", () => {});
  exporter = await startExporter(config, logger);
} catch (error) {
  fail((error as Error).message, error instanceof ConfigError ? 2 : 1);
}

function fail(message: string, code: number): void {
  console.error(`headroom exporter: ${message}`);
  process.exitCode = code;
}
