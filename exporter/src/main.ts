/** The exporter's command line: configuration from the environment, then run until a signal. */
import { Command } from "commander";
import { configHelp, injectedVariables, loadConfig } from "./config.ts";
import { startExporter } from "./exporter.ts";
import { runUntilSignal } from "./until-signal.ts";

const command = new Command("exporter")
  .description(
    "Runs the model and exposes its metrics. Everything is set by environment variables.",
  )
  .option("--simulate", "answer with the simulated engine (as HEADROOM_SIMULATE=true)")
  .addHelpText("after", () => `\n${configHelp()}`)
  .parse();

await runUntilSignal("headroom exporter", () => {
  const { simulate } = command.opts<{ simulate?: true }>();
  const config = loadConfig({ ...process.env, ...(simulate && { HEADROOM_SIMULATE: "true" }) });
  return {
    ...config,
    start(logger) {
      const injected = injectedVariables(process.env);
      if (injected.length > 0) {
        logger.warn({ variables: injected }, "left out: Kubernetes sets these for a service");
      }
      return startExporter(config, logger);
    },
  };
});
