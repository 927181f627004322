import { Command } from "commander";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { brokenBounds, shapeOf, shapeText } from "./checks/shape.ts";
import { checkStyle } from "./checks/style.ts";
import { begin, runCommand } from "./command.ts";
import { ROOT } from "./places.ts";

const command = new Command("npm run lint --")
  .description("Checks the style of every file with ESLint and Prettier.")
  .option("--fix", "repair what can be repaired")
  .option("--shape", "count files per flow and lines, and find circles of imports, instead")
  .addHelpText(
    "after",
    "\nExit codes: 0 nothing to repair; 1 something is left, or too much; 2 could not run.",
  )
  .addHelpText("after", "\nExamples:\n  npm run lint -- --fix\n  npm run lint -- --shape")
  .exitOverride();

await runCommand(async () => {
  const { fix = false, shape = false } = command.parse().opts<{ fix?: true; shape?: true }>();
  if (shape) {
    const found = shapeOf(ROOT);
    console.log(shapeText(found, screenOn()));
    return brokenBounds(found).length === 0 ? 0 : 1;
  }
  const clean = await checkStyle({ fix, signal: begin().signal });
  console.log(clean ? "Nothing to repair." : "Something is left to repair; see above.");
  return clean ? 0 : 1;
});
