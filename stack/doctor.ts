import { Command } from "commander";
import { configHelp, loadConfig } from "@headroom/exporter/config";
import { wrap } from "@headroom/loadtest/report/columns";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { say } from "./progress.ts";
import { examine } from "./doctor/examine.ts";
import { obstaclesIn } from "./doctor/obstacles.ts";
import { reportJson, reportText } from "./doctor/report.ts";
import { begin, runCommand } from "./command.ts";
import { obtainForRun } from "./models.ts";
import { ROOT, TOOLS_FOLDER } from "./places.ts";
import { requireTool } from "./tools/obtain.ts";
import { type ToolName, TOOLS } from "./tools/catalogue.ts";

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
      `\nThe plan and the models depend on the exporter's configuration. ${wrap(configHelp(), screenOn().columns, screenOn()).join("\n")}`,
  )
  .addHelpText(
    "after",
    "\nExamples:\n  npm run doctor\n  npm run --silent doctor -- --json   # for programs",
  )
  .exitOverride();

await runCommand(async () => {
  const { install, json } = command.parse().opts<DoctorOptions>();
  const { env } = process;
  const config = loadConfig(env);
  const { activity, signal } = begin();
  if (install) {
    for (const name of Object.keys(TOOLS) as ToolName[]) {
      // What cannot be had is told, and the rest goes on.
      await requireTool(name, { activity, signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        say(error instanceof Error ? error.message : String(error));
      });
    }
    await obtainForRun(undefined, { signal });
  }
  const places = { env, root: ROOT, toolsFolder: TOOLS_FOLDER };
  const examination = await activity("Looking at this machine", () => examine(config, places));
  signal.throwIfAborted();
  const obstacles = obstaclesIn(examination);
  console.log(
    json ? reportJson(examination, obstacles) : reportText(examination, obstacles, screenOn()),
  );
  return obstacles.length === 0 ? 0 : 1;
});
