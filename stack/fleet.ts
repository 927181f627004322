import { once } from "node:events";
import { Command, Option } from "commander";
import { formatCount, formatShare, inMarkdown } from "@headroom/loadtest/report/format";
import { inColumns } from "@headroom/loadtest/report/columns";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { begin, INTERRUPTED, runCommand, STOP_SECONDS } from "./command.ts";
import { checkedTable, checkFleet } from "./fleet/check.ts";
import { Fleet, MOST_REPLICAS, prepareFleet, urlOf } from "./fleet/fleet.ts";
import { growthTable, measuredTable, measureGrowth } from "./fleet/growth.ts";
import { POINTS } from "./fleet/points.ts";
import { putSegmentedLoad } from "./fleet/segmented-load.ts";
import { TRIAL_VARIABLES, type Trial } from "./fleet/trial.ts";
import { ARMS_DIFFER, compareArms, median } from "./fleet/workers.ts";
import { durationOption, simulateOption, wholeNumber } from "./options.ts";
import { makeRunFolder } from "./places.ts";
import { say } from "./progress.ts";
import { drainSeconds } from "./services.ts";
import { Session } from "./session.ts";

/** One process with the model each: together they have the machine, and nobody chats. */
const OWN_MODEL = { HEADROOM_WORKERS: "1", HEADROOM_CHAT_MODEL: "none" } as const;

const NAMES = POINTS.map(({ name }) => name);

const command = new Command("npm run fleet --")
  .description(
    "Several exporters on this machine, each on a loopback address of its own, behind HAProxy, with one\n" +
      "Redis and one Prometheus; k6 asks them in execution segments, as k6-operator does. Stays until Ctrl-C.",
  )
  .addOption(
    new Option("--replicas <number>", "exporters")
      .default(4)
      .argParser(wholeNumber("replicas", MOST_REPLICAS)),
  )
  .addOption(
    new Option("--segments <number>", "k6 processes that share the load")
      .default(2)
      .argParser(wholeNumber("segments", 16)),
  )
  .addOption(durationOption())
  .addOption(simulateOption())
  .addOption(
    new Option(
      "--check",
      "instead: show and judge what a fleet must do, with made-up answers, and end",
    ).conflicts(["workers", "growth"]),
  )
  .addOption(
    new Option("--only <point...>", "the same of these points only")
      .choices(NAMES)
      .implies({ check: true }),
  )
  .addOption(
    new Option(
      "--workers",
      "instead: compare two workers in one process with two processes, and end",
    ).conflicts("growth"),
  )
  .option(
    "--growth",
    "instead: measure what one more exporter costs, foretell 10, 100 and 1,000, and end",
  )
  .option("--json", "print what was found as JSON")
  .option("--markdown", "print what was found as Markdown")
  .addHelpText(
    "after",
    `\nPoints:\n${POINTS.map(({ name, what }) => `  ${name.padEnd(10)} ${what}`).join("\n")}\n` +
      "\nLinux has every address of 127.0.0.0/8; macOS wants each but the first to be made before:\n" +
      "  sudo ifconfig lo0 alias 127.0.0.2 up\n" +
      "\nExamples:\n  npm run fleet -- --replicas 2 --simulate\n  npm run --silent fleet -- --check --markdown > fleet.md\n" +
      "\nThe checks take about two minutes with four replicas, --growth about four.\n" +
      "\nExit codes: 0 all well; 1 a check failed; 2 could not run; 130 interrupted.",
  )
  .exitOverride();

interface FleetOptions {
  readonly replicas: number;
  readonly segments: number;
  readonly duration?: number;
  readonly simulate?: true;
  readonly check?: true;
  readonly workers?: true;
  readonly growth?: true;
  readonly only?: readonly string[];
  readonly json?: true;
  readonly markdown?: true;
}

await runCommand(async () => {
  const options = command.parse().opts<FleetOptions>();
  const running = begin(STOP_SECONDS + drainSeconds(process.env));
  const tools = await prepareFleet(running);
  const session = new Session({ ...running, folder: await makeRunFolder(), say });
  try {
    const { segments, duration = 10 } = options;
    const trial = { session, tools, segments, seconds: duration };
    if (options.workers) return await compare(trial, options);
    if (options.growth) return await grow(trial, options);
    return options.check ? await check(trial, options) : await show(trial, options);
  } finally {
    await session.stop();
  }
});

/** Goes through all points, and says of each what was seen. */
async function check(trial: Trial, options: FleetOptions): Promise<number> {
  const checked = await checkFleet(options.replicas, options.only ?? NAMES, trial);
  if (options.json) console.log(JSON.stringify(checked, null, 2));
  else if (options.markdown) console.log(inMarkdown(checkedTable(checked)));
  else {
    for (const { name, what, seen, problems } of checked) {
      console.log(
        `${problems.length === 0 ? "passed" : "FAILED"}  ${name}: ${what}\n        ${seen}`,
      );
      for (const problem of problems) console.log(`        ${problem}`);
    }
  }
  say(`Logs and what k6 wrote: ${trial.session.folder.path}`);
  return checked.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

/** Measures what a larger fleet would need, and where each part of it ends. */
async function grow(trial: Trial, { json, markdown }: FleetOptions): Promise<number> {
  const growth = await measureGrowth(trial);
  const tables = [measuredTable(growth), growthTable(growth)];
  if (json) console.log(JSON.stringify(tables, null, 2));
  else
    for (const table of tables) console.log(`\n${markdown ? inMarkdown(table) : columns(table)}`);
  return 0;
}

/** Whether two cores give the same either way. */
async function compare(trial: Trial, { json }: FleetOptions): Promise<number> {
  const found = await compareArms(trial);
  const [one, two] = Object.values(found).map(median) as [number, number];
  const difference = two / one - 1;
  const rows = Object.entries(found).map(([arm, rates]) => [
    ...[arm, ...rates.map(formatCount), formatCount(median(rates))],
  ]);
  if (json) console.log(JSON.stringify({ ...found, difference }, null, 2));
  else {
    console.log(`\n${columns([["Messages a second", "1", "2", "3", "median"], ...rows])}`);
    console.log(
      `\nTwo processes give ${formatShare(Math.abs(difference))} ${difference < 0 ? "less" : "more"}.`,
    );
  }
  return Math.abs(difference) <= ARMS_DIFFER ? 0 : 1;
}

/** Puts a load on a fleet, says who answered what of it, and leaves it for the eyes. */
async function show(trial: Trial, options: FleetOptions): Promise<number> {
  const { session, tools, seconds, segments } = trial;
  const { signal } = session;
  const variables = options.simulate ? TRIAL_VARIABLES : OWN_MODEL;
  const fleet = await Fleet.start(session, tools, { replicas: options.replicas, variables });
  console.log(
    `\nThe fleet     ${fleet.door}\nPrometheus    ${fleet.prometheus}\n` +
      `HAProxy       ${fleet.figures}/metrics\nLogs          ${session.folder.path}/logs\n`,
  );
  const load = await session.activity(`zipf in ${segments} segments, ${seconds} s`, () =>
    putSegmentedLoad({
      ...{
        k6: tools.k6,
        profile: "zipf",
        segments,
        seconds,
        name: "load",
        firstMessage: 0,
        signal,
      },
      ...{ target: fleet.door, folder: session.folder },
    }),
  );
  if (signal.aborted) return INTERRUPTED;
  const served = await fleet.served();
  const rows = fleet.replicas.map((replica) => {
    const { requests, repeated } = served.get(replica.name)!;
    return [replica.name, urlOf(replica), String(requests), String(repeated)];
  });
  console.log(
    `\n${columns([["Replica", "Address", "Requests", "Asked elsewhere"], ...rows])}\n\n` +
      `${load.messages} messages, ${formatShare(load.cached / load.messages)} known already` +
      `${options.simulate ? "; all answers are simulated" : ""}\n`,
  );
  say("Everything keeps running. Press Ctrl-C to stop it.");
  if (!signal.aborted) await once(signal, "abort");
  return 0;
}

/** A table whose first row is its head. */
function columns([head = [], ...rows]: readonly (readonly string[])[]): string {
  return inColumns(rows, screenOn(), { head });
}
