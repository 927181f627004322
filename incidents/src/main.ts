/** The command line of the incidents process: configuration from the environment, then run until a signal. */
import { setFlagsFromString } from "node:v8";
import { Command } from "commander";
import { runUntilSignal } from "@headroom/exporter/until-signal";
import { configHelp, loadConfig } from "./config.ts";
import { DRAIN_SECONDS, startIncidents } from "./incidents-process.ts";

// A few requests a minute: memory that is given back soon is worth more than time.
setFlagsFromString("--semi-space-growth-factor=1");
setFlagsFromString("--optimize-for-size");

new Command("incidents")
  .description(
    "Takes the alerts of Alertmanager and Grafana, keeps a record of each incident, and serves the\n" +
      "runbooks. Needs no model and no exporter. Everything is set by environment variables.",
  )
  .addHelpText("after", () => `\n${configHelp()}`)
  .parse();

await runUntilSignal("headroom incidents", () => {
  const config = loadConfig(process.env);
  return {
    logLevel: config.logLevel,
    drainSeconds: DRAIN_SECONDS,
    start: (logger) => startIncidents(config, logger),
  };
});
