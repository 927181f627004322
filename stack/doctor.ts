import { Command } from "commander";
import { configHelp, loadConfig } from "@headroom/exporter/config";
import { activityOn } from "./progress.ts";
import { examine } from "./doctor/examine.ts";
import { judge } from "./doctor/judge.ts";
import { obtainMissing } from "./doctor/obtain-missing.ts";
import { reportJson } from "./doctor/report-json.ts";
import { reportText } from "./doctor/report-text.ts";
import { interruptSignal, runCommand } from "./command.ts";
import { ROOT, TOOLS_FOLDER } from "./places.ts";

interface DoctorOptions {
  readonly install?: true;
  readonly json?: true;
}

const command = new Command("npm run doctor --")
  .description(
    "Shows the machine, the chat model's parameters for it, and advice; which tools and\n" +
      "models are here, and how to get the others; and whether npm start can run.",
  )
  .option("--install", "first obtain the tools and the chat model that are missing")
  .option("--json", "print one JSON document (npm run --silent doctor -- --json)")
  .addHelpText(
    "after",
    () =>
      "\nExit codes: 0 npm start can run; 1 it cannot; 2 could not look; 130 interrupted.\n" +
      `\nThe plan and the models depend on the exporter's configuration. ${configHelp()}`,
  )
  .exitOverride();

await runCommand(async () => {
  const { install, json } = command.parse().opts<DoctorOptions>();
  const config = loadConfig(process.env);
  const stream = process.stderr;
  const signal = interruptSignal((text) => stream.write(`${text}\n`));
  const activity = activityOn(stream);
  if (install) await obtainMissing({ env: process.env, activity, signal, stream });
  const places = { env: process.env, root: ROOT, toolsFolder: TOOLS_FOLDER };
  const examination = await activity("Looking at this machine", () => examine(config, places));
  signal.throwIfAborted();
  const obstacles = judge(examination);
  console.log(json ? reportJson(examination, obstacles) : reportText(examination, obstacles));
  return obstacles.length === 0 ? 0 : 1;
});
