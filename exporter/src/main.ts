/** The exporter's command line: configuration from the environment, then run until a signal. */
import { setFlagsFromString } from "node:v8";
import { Command } from "commander";
import { configHelp, injectedVariables, loadConfig } from "./config.ts";
import { startExporter } from "./exporter.ts";
import { fetchConfigured } from "./models/obtain-model.ts";
import { runUntilSignal } from "./until-signal.ts";

// Under load the space for young objects would grow to 64 MB. Node's own --max-semi-space-size=4 does better
// (238 MB instead of 300 under the load `throughput`), but has to be there before this file is read.
setFlagsFromString("--semi-space-growth-factor=1");

const command = new Command("exporter")
  .description(
    "Runs the model and exposes its metrics. Everything is set by environment variables.",
  )
  .option("--simulate", "answer with the simulated engine (as HEADROOM_SIMULATE=true)")
  .option(
    "--fetch-model",
    "fetch HEADROOM_CHAT_MODEL into HEADROOM_MODELS_FOLDER, or check the one there, and end",
  )
  .addHelpText("after", () => `\n${configHelp()}`)
  .parse();

await runUntilSignal("headroom exporter", () => {
  const { simulate, fetchModel } = command.opts<{ simulate?: true; fetchModel?: true }>();
  const config = loadConfig({ ...process.env, ...(simulate && { HEADROOM_SIMULATE: "true" }) });
  return {
    ...config,
    async start(logger) {
      if (fetchModel) {
        await fetchConfigured(config, { logger, signal: new AbortController().signal });
        // Nothing is left that keeps the process.
        return { stop: () => Promise.resolve() };
      }
      const injected = injectedVariables(process.env);
      if (injected.length > 0) {
        logger.warn({ variables: injected }, "left out: Kubernetes sets these for a service");
      }
      return startExporter(config, logger);
    },
  };
});
