import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { activityOn } from "./progress.ts";
import { inColumns } from "./columns.ts";
import type { DrillTools } from "./drill/drill-stack.ts";
import { type Drill, DRILLS } from "./drill/drills.ts";
import { prepare } from "./drill/prepare.ts";
import { conclusion, drillMarkdown, drillTable, passed } from "./drill/report.ts";
import { type DrillResult, runDrill } from "./drill/run-drill.ts";
import { interruptSignal, runCommand } from "./command.ts";
import { folderWithin, makeRunFolder, type RunFolder, RUNS_FOLDER } from "./places.ts";
import { Session } from "./session.ts";

const names = DRILLS.map(({ alert }) => alert);

const command = new Command("npm run drill --")
  .description(
    "Breaks each limit on purpose and watches what follows: the alert, the notification, the\n" +
      "incident, and after the fault its end. Every drill has a stack of its own on free ports, with\n" +
      "the simulated engine and rules whose times are shortened to seconds.",
  )
  .addOption(new Option("--alert <name...>", "only these alerts").choices(names))
  .option("--json", "print the results as JSON")
  .option("--markdown", "print the table as Markdown")
  .addHelpText(
    "after",
    `\nAlerts:\n${DRILLS.map(({ alert, fault }) => `  ${alert.padEnd(36)} ${fault.what}`).join("\n")}\n` +
      "\nAll of them take about ten minutes. Three take a third of the free memory for a while, at most\n" +
      "3 GB, and want a machine on which nothing else takes and frees as much meanwhile.\n" +
      "\nExit codes: 0 all passed; 1 a drill failed; 2 could not run; 130 interrupted.",
  )
  .exitOverride();

interface DrillOptions {
  readonly alert?: readonly string[];
  readonly json?: true;
  readonly markdown?: true;
}

await runCommand(async () => {
  const options = command.parse().opts<DrillOptions>();
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const signal = interruptSignal(say);
  const activity = activityOn(process.stderr);
  const tools = await prepare({ activity, signal });
  const folder = await makeRunFolder(RUNS_FOLDER);
  const results: DrillResult[] = [];
  const wanted = DRILLS.filter(({ alert }) => options.alert?.includes(alert) ?? true);
  for (const drill of wanted) {
    const title = `${results.length + 1}/${wanted.length} ${drill.alert}: ${drill.fault.what}`;
    const own = await folderWithin(folder, drill.alert);
    results.push(await activity(title, () => inSession(drill, { folder: own, signal, tools })));
  }
  await writeFile(join(folder.path, "drill.md"), drillMarkdown(results));
  if (options.json) console.log(JSON.stringify(results, null, 2));
  else if (options.markdown) console.log(drillMarkdown(results));
  else console.log(`\n${inColumns(drillTable(results))}\n\nTimes are seconds since the fault.`);
  say(conclusion(results));
  say(`Logs, incidents and the table: ${folder.path}`);
  return results.every(passed) ? 0 : 1;
});

/** A drill in a session of its own; one that could not be carried out has failed. */
async function inSession(
  drill: Drill,
  { folder, signal, tools }: { folder: RunFolder; signal: AbortSignal; tools: DrillTools },
): Promise<DrillResult> {
  const session = new Session({
    folder,
    signal,
    // The drill is one activity, and any free port will do.
    activity: (_title, work) => work(),
    say: () => {},
  });
  try {
    return await runDrill(drill, session, tools);
  } catch (error) {
    signal.throwIfAborted();
    const { message } = error as Error;
    return { alert: drill.alert, fault: drill.fault.what, seconds: {}, problems: [message] };
  } finally {
    await session.stop();
  }
}
