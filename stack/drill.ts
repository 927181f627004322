import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { inTable } from "@headroom/loadtest/report/columns";
import { screenOn } from "@headroom/loadtest/report/terminal";
import type { DrillTools } from "./drill/drill-stack.ts";
import { DRILLS } from "./drill/drills.ts";
import {
  conclusion,
  DRILL_SHAPE,
  drillMarkdown,
  type DrillResult,
  drillTable,
  passed,
} from "./drill/report.ts";
import { runCases } from "./drill/run-cases.ts";
import { helpList } from "./options.ts";
import { say } from "./progress.ts";
import { runDrill } from "./drill/run-drill.ts";
import { runCommand } from "./command.ts";
import type { Session } from "./session.ts";

const names = DRILLS.map(({ alert }) => alert);

const command = new Command("npm run drill --")
  .description(
    "Breaks each limit on purpose and watches what follows: the alert, the notification, the\n" +
      "incident, and after the fault its end. Every drill has a stack of its own on free ports, with\n" +
      "the simulated engine and rules whose times are shortened to seconds.",
  )
  .addOption(new Option("--alert <name...>", "only these alerts").choices(names))
  .addOption(
    new Option("--at-once <number>", "so many drills at the same time; each takes half a core")
      .choices(["1", "2", "3", "4"])
      .default("1"),
  )
  .option("--json", "print the results as JSON")
  .option("--markdown", "print the table as Markdown")
  .addHelpText(
    "after",
    `\n${helpList(
      "Alerts",
      DRILLS.map(({ alert, fault }) => [alert, fault.what]),
    )}\n` +
      "\nAll of them take about thirteen minutes. Three take a third of the free memory for a while, at most\n" +
      "3 GB, and want a machine on which nothing else takes and frees as much meanwhile, no other drill either.\n" +
      "\nExit codes: 0 all passed; 1 a drill failed; 2 could not run; 130 interrupted.",
  )
  .addHelpText(
    "after",
    "\nExamples:\n  npm run drill -- --alert HeadroomLatencyHigh HeadroomExporterDown\n  npm run --silent drill -- --markdown > drills.md",
  )
  .exitOverride();

interface DrillOptions {
  readonly alert?: readonly string[];
  readonly atOnce: string;
  readonly json?: true;
  readonly markdown?: true;
}

await runCommand(async () => {
  const options = command.parse().opts<DrillOptions>();
  const wanted = DRILLS.filter(({ alert }) => options.alert?.includes(alert) ?? true);
  const cases = wanted.map((drill) => {
    const { alert, fault } = drill;
    return {
      name: alert,
      fault: fault.what,
      run: (session: Session, tools: DrillTools) => runDrill(drill, session, tools),
      failed: (problem: string): DrillResult => {
        return { alert, fault: fault.what, seconds: {}, problems: [problem] };
      },
    };
  });
  const { results, folder } = await runCases(cases, Number(options.atOnce), (sofar, folder) =>
    writeFile(join(folder, "drill.md"), drillMarkdown(sofar)),
  );
  if (options.json) console.log(JSON.stringify(results, null, 2));
  else if (options.markdown) console.log(drillMarkdown(results));
  else
    console.log(
      `\n${inTable(drillTable(results), screenOn(), DRILL_SHAPE)}\n\nTimes are seconds since the fault.`,
    );
  say(conclusion(results));
  say(`Logs, incidents and the table: ${folder}`);
  return results.every(passed) ? 0 : 1;
});
