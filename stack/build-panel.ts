import { Command } from "commander";
import { buildPanel, panelSize } from "./builds.ts";
import { begin, runCommand } from "./command.ts";

const command = new Command("npm run build:panel --")
  .description(
    "Builds the limits panel into grafana-plugin/dist/, as Grafana loads it, and the page that\n" +
      "shows it without Grafana.",
  )
  .addHelpText("after", "\nExit codes: 0 built; 2 could not run; 130 interrupted.")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run build:panel\n  npm run build:panel && docker compose up --detach   # Grafana with it",
  )
  .exitOverride();

await runCommand(async () => {
  command.parse();
  await buildPanel({ ...begin(), always: true });
  console.log(await panelSize());
  return 0;
});
