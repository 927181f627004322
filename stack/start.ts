import { Command, Option } from "commander";
import { PROFILE_NAMES } from "@headroom/loadtest/run";
import { runCommand } from "./exit.ts";
import {
  chatModelOption,
  durationOption,
  modelOption,
  portOption,
  profileList,
  simulateOption,
} from "./options.ts";
import { type StartOptions, start } from "./start/start.ts";

const command = new Command("npm start --")
  .description(
    "Starts the exporter with a model, Prometheus, and Redis and Alertmanager if they are to be had;\n" +
      "puts a load on them; reports how much headroom is left; and stays until Ctrl-C.",
  )
  .option("--exit", "end after the report, with its exit code")
  .addOption(
    new Option("--profile <name>", "the load").choices(PROFILE_NAMES).default("throughput"),
  )
  .addOption(durationOption())
  .addOption(modelOption())
  .addOption(chatModelOption())
  .addOption(simulateOption())
  .addOption(portOption())
  .addHelpText(
    "after",
    `\n${profileList()}\n` +
      "\nExit codes: 0 within limits; 1 a limit is broken; 2 could not run; 130 interrupted.\n" +
      "The exporter's own settings are environment variables: node exporter/dist/main.js --help",
  )
  .exitOverride();

await runCommand(() => start(command.parse().opts<StartOptions>()));
