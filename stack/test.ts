import { Command, Option } from "commander";
import { CHECKS, FAST_CHECKS } from "./checks/all.ts";
import { type Check, runChecks, testEnvironment } from "./checks/run-checks.ts";
import { begin, runCommand } from "./command.ts";
import { helpList } from "./options.ts";
import type { ToolName } from "./tools/catalogue.ts";
import { requireTool } from "./tools/obtain.ts";

const command = new Command("npm test --")
  .description("Checks everything, goes on after a failing step, and sums up in its last line.")
  .addOption(
    new Option("--only <step...>", "run only these steps").choices(CHECKS.map(({ name }) => name)),
  )
  .addOption(
    new Option("--fast", "run only types, lint, and the tests that start no programs").conflicts(
      "only",
    ),
  )
  .addHelpText(
    "after",
    `\n${helpList(
      "Steps, in order",
      CHECKS.map(({ name, title }) => [name, title]),
    )}\n` + "\nExit codes: 0 all passed; 1 something failed; 2 could not run; 130 interrupted.",
  )
  .addHelpText("after", "\nExamples:\n  npm test -- --fast\n  npm test -- --only sources rules")
  .exitOverride();

await runCommand(async () => {
  const { only, fast } = command.parse().opts<{ only?: readonly string[]; fast?: true }>();
  const running = begin();
  const files: Partial<Record<ToolName, string>> = {};
  const context = {
    ...running,
    tool: async (name: ToolName) => (files[name] ??= await requireTool(name, running)),
    get env() {
      return testEnvironment(process.env, files);
    },
  };
  const checks = fast ? FAST_CHECKS : selected(only);
  const { failed } = await runChecks(checks, context, (line) => console.log(line));
  return failed === 0 ? 0 : 1;
});

/** The steps that were asked for, and the tools first when one of them needs any. */
function selected(only: readonly string[] | undefined): readonly Check[] {
  if (!only) return CHECKS;
  const wanted = CHECKS.filter(({ name }) => only.includes(name));
  const needsTools = wanted.some(({ usesTools }) => usesTools);
  return CHECKS.filter((check) => wanted.includes(check) || (needsTools && check.name === "tools"));
}
