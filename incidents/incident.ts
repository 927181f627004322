/** The incidents on the disk: list, show, note, close, prune. Safe to use while the process that keeps them runs. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { loadConfig } from "./src/config.ts";
import {
  addNote,
  closeIncident,
  findIncident,
  NotPossible,
  parseAge,
  pruneIncidents,
  type Pruning,
} from "./src/records/by-hand.ts";
import { incidentText, type IncidentFile } from "./src/records/incident.ts";
import { IncidentStore } from "./src/records/incident-store.ts";

interface Options {
  readonly json?: true;
  readonly folder?: string;
}

interface PruneOptions extends Options {
  readonly olderThan: { readonly text: string; readonly ms: number };
  readonly dryRun?: true;
}

const program = new Command("npm run incident --")
  .description("Shows the incidents that alerts have opened, and takes notes of them.")
  .addHelpText(
    "after",
    "\n<id> may be any part of an id that no other incident has. HEADROOM_INCIDENTS_FOLDER says where\n" +
      "incidents are kept.\n" +
      "\nExit codes: 0 done; 1 there is no such incident, or it cannot be done; 2 could not run.",
  )
  .addHelpText(
    "after",
    "\nExamples:\n  npm run incident -- list\n  npm run incident -- prune --older-than 90d --dry-run",
  )
  .exitOverride();

command("list", "all incidents, oldest first").action(async (options: Options) => {
  const files = [...(await read(storeOf(options))).values()];
  if (options.json) return printJson(files.map(({ incident }) => incident));
  for (const { incident } of files) {
    const { id, status, severity, durationSeconds, alerts } = incident;
    const time = durationSeconds === undefined ? "" : `, ${durationSeconds} s`;
    console.log(
      `${status.padEnd(8)}  ${severity.padEnd(8)}  ${id}  (${alerts.length} alerts${time})`,
    );
  }
  if (files.length === 0) console.log("There are no incidents.");
});

command("show <id>", "one incident as it is in its file").action(
  async (id: string, options: Options) => {
    print(findIncident(await read(storeOf(options)), id), options, incidentText);
  },
);

command("note <id> <text>", "adds a line to an incident's timeline").action(
  async (id: string, text: string, options: Options) => {
    const file = await addNote(storeOf(options), id, text);
    print(file, options, ({ incident }) => `Noted in ${incident.id}.`);
  },
);

command("close <id>", "says that a person is done with an incident").action(
  async (id: string, options: Options) => {
    const file = await closeIncident(storeOf(options), id);
    print(file, options, ({ incident }) => `Closed ${incident.id}.`);
  },
);

command("prune", "removes incidents that were closed long ago, and names them")
  .addOption(
    new Option("--older-than <age>", "closed longer ago than this, like 12h, 90d or 2w")
      .argParser(asAge)
      .makeOptionMandatory(),
  )
  .option("--dry-run", "only say what would be removed")
  .addHelpText("after", "\nIncidents that are not closed, or whose alerts still fire, are kept.")
  .action(async ({ olderThan, dryRun, ...options }: PruneOptions) => {
    const store = storeOf(options);
    await read(store);
    const before = new Date(Date.now() - olderThan.ms).toISOString();
    const pruning = await pruneIncidents(store, { before, dryRun: dryRun === true });
    if (options.json) printJson({ dryRun: dryRun === true, ...pruning });
    else tellPruning(pruning, olderThan.text, dryRun ? "Would remove" : "Removed");
  });

// Whoever reads may have enough, as "head" has; everything is done by then.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function command(usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option("--json", "print JSON")
    .option("--folder <path>", "where incidents are; without it, HEADROOM_INCIDENTS_FOLDER");
}

function storeOf({ folder }: Options): IncidentStore {
  if (folder !== undefined && !existsSync(folder)) {
    throw new Error(`There is no folder ${JSON.stringify(folder)}; check --folder.`);
  }
  return new IncidentStore(folder === undefined ? loadConfig(process.env).folder : resolve(folder));
}

/** Files that cannot be read are told and do not hide the others. */
async function read(store: IncidentStore) {
  const files = await store.list();
  for (const [name, { message }] of store.broken) process.stderr.write(`${name}: ${message}\n`);
  return files;
}

function print(file: IncidentFile, { json }: Options, say: (file: IncidentFile) => string): void {
  if (json) printJson({ ...file.incident, body: file.body });
  else console.log(say(file));
}

function tellPruning({ removed, kept }: Pruning, age: string, done: string): void {
  console.log(`${done}, as closed more than ${age} ago: ${removed.length}`);
  for (const { id, closed } of removed) console.log(`  ${id}  (closed ${closed})`);
  if (kept.length === 0) return;
  console.log(`Kept, since not closed or with an alert that fires: ${kept.length}`);
  for (const { id, status } of kept) console.log(`  ${id}  (${status})`);
}

function asAge(text: string): PruneOptions["olderThan"] {
  try {
    return { text, ms: parseAge(text) };
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

function exitCodeOf(error: unknown): number {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  process.stderr.write(`${(error as Error).message}\n`);
  return error instanceof NotPossible ? 1 : 2;
}
