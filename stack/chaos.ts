import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { chaosMarkdown, chaosTable, held, remarksOn, tally } from "./chaos/report.ts";
import { ROWS } from "./chaos/rows.ts";
import { type RowResult, runRow } from "./chaos/run-row.ts";
import { inTable } from "@headroom/loadtest/report/columns";
import { screenOn } from "@headroom/loadtest/report/terminal";
import type { DrillTools } from "./drill/drill-stack.ts";
import { runCases } from "./drill/run-cases.ts";
import { helpList } from "./options.ts";
import { say } from "./progress.ts";
import { runCommand } from "./command.ts";
import type { Session } from "./session.ts";

const names = ROWS.map(({ name }) => name);

const command = new Command("npm run chaos --")
  .description(
    "Brings one fault after the other about in a stack of its own, with the real engine and under a\n" +
      "steady load, and says what clients saw, what was lost, what alerted, and when all was as before.",
  )
  .addOption(new Option("--only <row...>", "only these rows").choices(names))
  .option("--json", "print the results as JSON")
  .option("--markdown", "print the table as Markdown")
  .addHelpText(
    "after",
    `\n${helpList(
      "Rows",
      ROWS.map(({ name, fault }) => [name, fault]),
    )}\n` +
      "\nAll of them take about fifteen minutes. A row that this machine cannot have is skipped, and\n" +
      "says what it takes.\n" +
      "\nExit codes: 0 none failed; 1 a row failed; 2 could not run; 130 interrupted.",
  )
  .addHelpText(
    "after",
    "\nExamples:\n  npm run chaos -- --only redis-frozen exporter-sigterm\n  npm run --silent chaos -- --json > chaos.json",
  )
  .exitOverride();

interface ChaosOptions {
  readonly only?: readonly string[];
  readonly json?: true;
  readonly markdown?: true;
}

await runCommand(async () => {
  const options = command.parse().opts<ChaosOptions>();
  const wanted = ROWS.filter(({ name }) => options.only?.includes(name) ?? true);
  const cases = wanted.map((row) => {
    const { name, fault } = row;
    return {
      name,
      fault,
      run: (session: Session, tools: DrillTools) => runRow(row, session, tools),
      failed: (problem: string): RowResult => ({ name, fault, problems: [problem] }),
    };
  });
  const { results, folder } = await runCases(cases, 1, async (sofar, folder) => {
    for (const problem of sofar.at(-1)?.problems ?? []) say(`  ${problem}`);
    await writeFile(join(folder, "chaos.md"), chaosMarkdown(sofar));
    await writeFile(join(folder, "chaos.json"), JSON.stringify(sofar, null, 2));
  });
  if (options.json) console.log(JSON.stringify(results, null, 2));
  else if (options.markdown) console.log(chaosMarkdown(results));
  else {
    const table = inTable(chaosTable(results), screenOn());
    console.log(`\n${[table, ...remarksOn(results)].join("\n")}`);
  }
  say(tally(results));
  say(`Logs and the table: ${folder}`);
  return results.every(held) ? 0 : 1;
});
