import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { activityOn } from "./progress.ts";
import { chaosMarkdown, chaosTable, held, remarksOn, tally } from "./chaos/report.ts";
import type { Row } from "./chaos/row.ts";
import { ROWS } from "./chaos/rows.ts";
import { type RowResult, runRow } from "./chaos/run-row.ts";
import { inColumns } from "./columns.ts";
import { prepare } from "./drill/prepare.ts";
import type { DrillTools } from "./drill/drill-stack.ts";
import { interruptSignal, runCommand } from "./command.ts";
import { folderWithin, makeRunFolder, type RunFolder, RUNS_FOLDER } from "./places.ts";
import { Session } from "./session.ts";

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
    `\nRows:\n${ROWS.map(({ name, fault }) => `  ${name.padEnd(20)} ${fault}`).join("\n")}\n` +
      "\nAll of them take about fifteen minutes. A row that this machine cannot have is skipped, and\n" +
      "says what it takes.\n" +
      "\nExit codes: 0 none failed; 1 a row failed; 2 could not run; 130 interrupted.",
  )
  .exitOverride();

interface ChaosOptions {
  readonly only?: readonly string[];
  readonly json?: true;
  readonly markdown?: true;
}

await runCommand(async () => {
  const options = command.parse().opts<ChaosOptions>();
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const signal = interruptSignal(say);
  const activity = activityOn(process.stderr);
  const tools = await prepare({ activity, signal });
  const folder = await makeRunFolder(RUNS_FOLDER);
  const results: RowResult[] = [];
  const wanted = ROWS.filter(({ name }) => options.only?.includes(name) ?? true);
  for (const row of wanted) {
    const title = `${results.length + 1}/${wanted.length} ${row.name}: ${row.fault}`;
    const own = await folderWithin(folder, row.name);
    const result = await activity(title, () => inSession(row, { folder: own, signal, tools }));
    results.push(result);
    for (const problem of result.problems) say(`  ${problem}`);
    // After each row, so that one that is interrupted leaves what was found until then.
    await writeFile(join(folder.path, "chaos.md"), chaosMarkdown(results));
    await writeFile(join(folder.path, "chaos.json"), JSON.stringify(results, null, 2));
  }
  if (options.json) console.log(JSON.stringify(results, null, 2));
  else if (options.markdown) console.log(chaosMarkdown(results));
  else console.log(`\n${[inColumns(chaosTable(results)), ...remarksOn(results)].join("\n")}`);
  say(tally(results));
  say(`Logs and the table: ${folder.path}`);
  return results.every(held) ? 0 : 1;
});

/** A row in a session of its own; one that could not be carried out has failed. */
async function inSession(
  row: Row,
  { folder, signal, tools }: { folder: RunFolder; signal: AbortSignal; tools: DrillTools },
): Promise<RowResult> {
  const session = new Session({
    folder,
    signal,
    // The row is one activity, and any free port will do.
    activity: (_title, work) => work(),
    say: () => {},
  });
  try {
    return await runRow(row, session, tools);
  } catch (error) {
    signal.throwIfAborted();
    const { name, fault } = row;
    return { name, fault, problems: [(error as Error).message] };
  } finally {
    await session.stop();
  }
}
