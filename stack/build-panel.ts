import { Command } from "commander";
import { activityOn } from "./activity.ts";
import { buildPanel } from "./builds/panel.ts";
import { panelSize } from "./builds/panel-size.ts";
import { runCommand } from "./exit.ts";
import { interruptSignal } from "./interrupt.ts";

const command = new Command("npm run build:panel --")
  .description(
    "Builds the limits panel into grafana-plugin/dist/, as Grafana loads it, and the page that\n" +
      "shows it without Grafana.",
  )
  .addHelpText("after", "\nExit codes: 0 built; 2 could not run; 130 interrupted.")
  .exitOverride();

await runCommand(async () => {
  command.parse();
  const signal = interruptSignal((text) => process.stderr.write(`${text}\n`));
  await buildPanel({ activity: activityOn(process.stderr), signal, always: true });
  console.log(await panelSize());
  return 0;
});
