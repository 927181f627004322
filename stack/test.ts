import { Command, Option } from "commander";
import { activityOn } from "./activity.ts";
import { CHECKS } from "./checks/all.ts";
import type { Check, CheckContext } from "./checks/check.ts";
import { runChecks } from "./checks/run-checks.ts";
import { runCommand } from "./exit.ts";
import { interruptSignal } from "./interrupt.ts";
import { testEnvironment } from "./test-environment.ts";
import { requireTool } from "./toolbox.ts";
import type { ToolName } from "./tools/catalogue.ts";

const command = new Command("npm test --")
  .description("Checks everything, goes on after a failing step, and sums up in its last line.")
  .addOption(
    new Option("--only <step...>", "run only these steps").choices(CHECKS.map(({ name }) => name)),
  )
  .addHelpText(
    "after",
    `\nSteps, in order:\n${CHECKS.map(({ name, title }) => `  ${name.padEnd(14)} ${title}`).join("\n")}\n` +
      "\nExit codes: 0 all passed; 1 something failed; 2 could not run; 130 interrupted.",
  )
  .exitOverride();

await runCommand(async () => {
  const { only } = command.parse().opts<{ only?: readonly string[] }>();
  const signal = interruptSignal((text) => process.stderr.write(`${text}\n`));
  const { failed } = await runChecks(selected(only), contextOf(signal), (line) =>
    console.log(line),
  );
  return failed === 0 ? 0 : 1;
});

/** The steps that were asked for, and the tools first when one of them needs any. */
function selected(only: readonly string[] | undefined): readonly Check[] {
  if (!only) return CHECKS;
  const wanted = CHECKS.filter(({ name }) => only.includes(name));
  const needsTools = wanted.some(({ usesTools }) => usesTools);
  return CHECKS.filter((check) => wanted.includes(check) || (needsTools && check.name === "tools"));
}

function contextOf(signal: AbortSignal): CheckContext {
  const activity = activityOn(process.stderr);
  const files: Partial<Record<ToolName, string>> = {};
  return {
    activity,
    signal,
    tool: async (name) => (files[name] ??= await requireTool(name, { activity, signal })),
    get env() {
      return testEnvironment(process.env, files);
    },
  };
}
