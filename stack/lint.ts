import { Command } from "commander";
import { checkStyle } from "./checks/style.ts";
import { runCommand } from "./exit.ts";
import { interruptSignal } from "./interrupt.ts";

const command = new Command("npm run lint --")
  .description("Checks the style of every file with ESLint and Prettier.")
  .option("--fix", "repair what can be repaired")
  .addHelpText("after", "\nExit codes: 0 nothing to repair; 1 something is left; 2 could not run.")
  .exitOverride();

await runCommand(async () => {
  const { fix = false } = command.parse().opts<{ fix?: boolean }>();
  const signal = interruptSignal((text) => process.stderr.write(`${text}\n`));
  const clean = await checkStyle({ fix, signal });
  console.log(clean ? "Nothing to repair." : "Something is left to repair; see above.");
  return clean ? 0 : 1;
});
